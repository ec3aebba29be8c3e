//! What models cost is kept to the last token, and capped.

use chrono::Utc;
use serde_json::{Value, json};
use testkit::sim::{Fault, Script, SimBill, Step};

use crate::harness::{
    Answer, Client, Houses, Model, PASSWORD, Server, Setup, eventually, page, says,
};

/// The days of a caller, once as many answers were charged as were billed.
async fn charged(client: &Client, billed: usize) -> Vec<Value> {
    eventually(async || {
        let answer = client.get("/api/v1/user/usage").await;
        let days = answer.data()["items"].as_array().unwrap().clone();
        (calls(&days) == billed as u64).then_some(days)
    })
    .await
}

fn models(days: &[Value]) -> impl Iterator<Item = &Value> {
    days.iter()
        .flat_map(|day| day["models"].as_array().unwrap())
}

fn calls(days: &[Value]) -> u64 {
    models(days)
        .map(|model| model["calls"].as_u64().unwrap())
        .sum()
}

/// All kinds of tokens of one provider together.
fn tokens(days: &[Value], provider: &str, side: &str) -> u64 {
    let of_provider = models(days).filter(|model| model["provider"] == provider);
    let kinds = of_provider.flat_map(|model| model["usage"][side].as_object().unwrap().values());
    kinds.map(|count| count.as_u64().unwrap()).sum()
}

#[track_caller]
fn add_up(days: &[Value], bills: &[SimBill]) {
    for provider in ["openai", "anthropic", "gemini"] {
        let of = |bill: &&SimBill| bill.provider == provider;
        let sum = |count: fn(&SimBill) -> u64| bills.iter().filter(of).map(count).sum::<u64>();
        assert_eq!(tokens(days, provider, "input"), sum(|bill| bill.input));
        assert_eq!(tokens(days, provider, "cached"), sum(|bill| bill.cached));
        assert_eq!(tokens(days, provider, "output"), sum(|bill| bill.output));
    }
}

async fn upload(client: &Client) -> Answer {
    client.upload(page(), "p.jpg", None).await
}

#[tokio::test]
async fn in_an_outage_no_request_fails_and_costs_add_up_to_the_last_token() {
    let houses = Houses::start().await;
    let wrong = [
        Fault::NotJson,
        Fault::Refusal,
        Fault::ServerError,
        Fault::NoText,
    ];
    let openai = Script::new().queue(wrong.map(Step::fault));
    houses.openai.script(openai.always(says("openai")));
    let cut = Script::new().queue([Step::fault(Fault::CutJson)]);
    houses
        .anthropic
        .script(cut.always(Step::sample().with_reasoning()));
    let server = houses.setup().start().await;
    let ada = server.client("ada");
    for _ in 0..8 {
        upload(&ada).await.data();
    }
    // The outage: nothing is under way, so nothing was billed that did not arrive.
    houses
        .openai
        .script(Script::new().always(Step::fault(Fault::CutConnection)));
    houses
        .anthropic
        .script(Script::new().always(Step::fault(Fault::ServerError)));
    let uploads = (0..4).map(|_| upload(&ada));
    for answer in futures_util::future::join_all(uploads).await {
        answer.data();
    }
    houses.openai.script(Script::new().always(says("openai")));
    upload(&ada).await.data();
    let bills = houses.bills();
    assert!(bills.len() > 13, "{bills:?}");
    let days = charged(&ada, bills.len()).await;
    add_up(&days, &bills);
}

#[tokio::test]
async fn charges_survive_a_database_that_is_away_and_a_killed_server() {
    let model = Model::start().await;
    model.says("Biology", "", "cells");
    let server = Setup::embedded(&model.url()).start().await;
    let ada = server.client("ada");
    upload(&ada).await.data();
    charged(&ada, 1).await;
    let lock = server.lock_database();
    upload(&ada).await.data();
    let waiting = server.folder().join("data/charges");
    eventually(async || {
        let files = std::fs::read_dir(&waiting).unwrap();
        let mut names = files.map(|file| file.unwrap().file_name());
        names
            .any(|name| name.to_string_lossy().ends_with(".json"))
            .then_some(())
    })
    .await;
    let server = server.kill_and_restart_unlocking(lock).await;
    charged(&server.client("ada"), 2).await;
}

#[tokio::test]
async fn who_has_spent_the_cap_is_refused_before_anything_is_stored_or_asked() {
    let model = Model::start().await;
    model.says("Biology", "", "cells");
    let server = with_price(&model, "0.001").await;
    let (ada, bob) = (server.client("ada"), server.client("bob"));
    upload(&ada).await.data();
    // A thousand tokens cost a cent, and a picture takes more than a hundred.
    let refused = upload(&ada).await;
    assert_eq!(refused.error(), (429, "BUDGET_EXCEEDED".to_owned()));
    let details = &refused.body["error"]["details"];
    assert_eq!(details["capMicros"], 1000);
    let until: chrono::DateTime<Utc> = details["until"].as_str().unwrap().parse().unwrap();
    let wait = until - Utc::now();
    assert!(wait > chrono::TimeDelta::zero() && wait <= chrono::TimeDelta::days(1));
    let retry_after: i64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((retry_after - wait.num_seconds()).abs() <= 5);
    assert_eq!(model.calls(), 1);
    upload(&bob).await.data();
    assert_eq!(model.calls(), 2);
    let days = charged(&ada, 1).await;
    assert!(days[0]["costMicros"].as_u64().unwrap() >= 1000, "{days:?}");
    let figure = "model_cost_micros_total{work=\"vision\",provider=\"openai\"}";
    eventually(async || server.metrics().await.contains(figure).then_some(())).await;
    assert_eq!(days[0]["models"][0]["unpricedCalls"], 0);
}

/// A server at which a thousand tokens of this model cost a cent, and a user may spend this much a
/// day.
async fn with_price(model: &Model, dollars: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let prices = folder.path().join("prices.toml");
    let table = "[[model]]\nprovider = \"openai\"\nname = \"gpt-test\"\n\
        input_price = 10.0\noutput_price = 10.0\n";
    std::fs::write(&prices, table).unwrap();
    Setup::embedded(&model.url())
        .with("MODEL_PRICES", prices.to_str().unwrap())
        .with("BUDGET_USD_PER_DAY", dollars)
        .start()
        .await
}

#[tokio::test]
async fn admins_see_what_every_user_has_cost() {
    let model = Model::start().await;
    model.says("Biology", "", "cells");
    let server = Setup::embedded(&model.url()).secured().start().await;
    let admin = admin(&server).await;
    let tokens = server.stranger().register("ada@example.org").await;
    let ada = server.stranger().bearing(&tokens.access);
    upload(&ada).await.data();
    charged(&ada, 1).await;
    let own = ada.get("/api/v1/user/usage").await.data()["items"][0].clone();
    assert_eq!(ada.get("/api/v1/admin/usage").await.error().0, 403);
    let all = admin.get("/api/v1/admin/usage?limit=5").await;
    let mut day = all.data()["items"][0].clone();
    let id = day.as_object_mut().unwrap().remove("userId").unwrap();
    assert_eq!(id, ada.get("/api/auth/me").await.data()["userId"]);
    assert_eq!(day, own);
    let one = format!("/api/v1/admin/usage?userId={}", id.as_str().unwrap());
    let one = admin.get(&one).await.data()["items"].clone();
    assert_eq!(one.as_array().unwrap().len(), 1);
    let nobody = "/api/v1/admin/usage?userId=0197a1b2-0000-7000-8000-000000000001";
    assert_eq!(admin.get(nobody).await.data()["items"], json!([]));
}

async fn admin(server: &Server) -> Client {
    const EMAIL: &str = "root@example.org";
    server.stranger().register(EMAIL).await;
    let granted = server.command().args(["admin", "grant", EMAIL]).output();
    assert!(granted.unwrap().status.success());
    let signed_in = server.stranger().sign_in(EMAIL, PASSWORD, "x").await;
    let access = signed_in.data()["token"].as_str().unwrap().to_owned();
    server.stranger().bearing(&access)
}
