//! What this provider alone does.

use anthropic::{Anthropic, AnthropicSettings};
use testkit::contracts::vision_model::page;
use testkit::sim::Simulator;
use vision::VisionModel;

#[tokio::test]
async fn a_provider_that_checks_schemas_takes_ours() {
    let simulator = Simulator::start().await;
    let mut settings = AnthropicSettings::new(simulator.origin(), "k".into(), "m-1");
    settings.topics = vec!["Bio".to_owned(), "Math".to_owned()];
    let (model, image) = (Anthropic::new(settings).unwrap(), page());
    model.analyze(&image).await.unwrap();
    let body = simulator.requests()[0].json();
    assert_eq!(body["metadata"]["user_id"], "student-1");
    let instructions = body["system"].as_str().unwrap();
    assert!(instructions.contains("exactly one of Bio, Math"));
    let noted = &image.bill.answers()[0];
    assert_eq!(noted.usage.input_image, 0, "images are not told from text");
}
