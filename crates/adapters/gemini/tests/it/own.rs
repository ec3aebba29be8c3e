//! What this provider alone does.

use gemini::{Gemini, GeminiSettings};
use testkit::contracts::vision_model::page;
use testkit::sim::Simulator;
use vision::VisionModel;

/// Images are counted apart, and nobody is named.
#[tokio::test]
async fn a_provider_that_checks_schemas_takes_ours() {
    let simulator = Simulator::start().await;
    let mut settings = GeminiSettings::new(simulator.origin(), "k".into(), "models/m-1");
    settings.topics = vec!["Bio".to_owned(), "Math".to_owned()];
    let (model, image) = (Gemini::new(settings).unwrap(), page());
    model.analyze(&image).await.unwrap();
    let body = simulator.requests()[0].json();
    assert!(!body.to_string().contains("student-1"));
    let instructions = body["systemInstruction"]["parts"][0]["text"].as_str();
    assert!(instructions.unwrap().contains("exactly one of Bio, Math"));
    let (noted, billed) = (image.bill.answers(), simulator.bills());
    assert!(billed[0].input_image > 0);
    assert_eq!(noted[0].usage.input_image, billed[0].input_image);
}
