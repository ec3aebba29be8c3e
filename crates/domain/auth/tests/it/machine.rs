//! Any order of refreshing, waiting and signing out, against a model of a few lines.

use auth::{Caller, RefreshError, Role, TokenPair};
use chrono::TimeDelta;
use kernel::{Clock, FamilyId, Timestamp, TokenId};
use proptest::prelude::*;
use testkit::FixedClock;

use crate::house::{House, PASSWORD, address, origin};

#[derive(Debug, Clone)]
enum Step {
    SignIn,
    Refresh(prop::sample::Index),
    SignOut(prop::sample::Index),
    SignOutRemotely(prop::sample::Index),
    Wait(TimeDelta),
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![
        (0_i64..12_000).prop_map(TimeDelta::milliseconds),
        (0_i64..20).prop_map(TimeDelta::minutes),
        (0_i64..31).prop_map(TimeDelta::days),
    ];
    prop_oneof![
        1 => Just(Step::SignIn),
        6 => any::<prop::sample::Index>().prop_map(Step::Refresh),
        1 => any::<prop::sample::Index>().prop_map(Step::SignOut),
        1 => any::<prop::sample::Index>().prop_map(Step::SignOutRemotely),
        3 => wait.prop_map(Step::Wait),
    ]
}

/// What should be so.
#[derive(Default)]
struct Model {
    is_alive: Vec<bool>,
    tokens: Vec<ModelToken>,
}

struct ModelToken {
    family: usize,
    pair: TokenPair,
    swapped_at: Option<Timestamp>,
}

#[derive(Debug, PartialEq)]
enum Answer {
    Pair,
    Invalid,
    Reused,
}

impl Model {
    fn refresh(&mut self, token: usize, now: Timestamp) -> Answer {
        let token = &mut self.tokens[token];
        let is_alive = &mut self.is_alive[token.family];
        if !*is_alive || now >= token.pair.refresh_expires_at {
            return Answer::Invalid;
        }
        let swapped_at = *token.swapped_at.get_or_insert(now);
        if now - swapped_at > TimeDelta::seconds(10) {
            *is_alive = false;
            return Answer::Reused;
        }
        Answer::Pair
    }

    fn add(&mut self, family: usize, pair: TokenPair) {
        self.tokens.push(ModelToken {
            family,
            pair,
            swapped_at: None,
        });
    }
}

async fn run(steps: Vec<Step>) {
    let house = House::new();
    house.register("ada@example.org").await;
    let mut model = Model::default();
    for step in steps {
        take(&house, &mut model, step).await;
        compare(&house, &model).await;
    }
}

async fn take(house: &House, model: &mut Model, step: Step) {
    match step {
        Step::Wait(by) => house.later(by),
        Step::SignIn => {
            let signed_in = house.sign_in("ada@example.org", PASSWORD).await.unwrap();
            model.is_alive.push(true);
            model.add(model.is_alive.len() - 1, signed_in.tokens);
        }
        _ if model.tokens.is_empty() => {}
        Step::Refresh(of) => refresh(house, model, of.index(model.tokens.len())).await,
        Step::SignOut(of) => {
            let token = &model.tokens[of.index(model.tokens.len())];
            let refresh = token.pair.refresh.expose();
            let out = house.auth.sign_out(Some(refresh), None, origin());
            out.await.unwrap();
            model.is_alive[token.family] = false;
        }
        Step::SignOutRemotely(of) => {
            let token = &model.tokens[of.index(model.tokens.len())];
            let out = sign_out_remotely(house, &token.pair).await;
            let was_alive = std::mem::replace(&mut model.is_alive[token.family], false);
            assert_eq!(out, was_alive);
        }
    }
}

async fn refresh(house: &House, model: &mut Model, token: usize) {
    let secret = model.tokens[token].pair.refresh.clone();
    let answer = house.auth.refresh(secret.expose(), origin()).await;
    let expected = model.refresh(token, now(house));
    match answer {
        Ok(pair) => {
            assert_eq!(expected, Answer::Pair);
            model.add(model.tokens[token].family, pair);
        }
        Err(RefreshError::Invalid) => assert_eq!(expected, Answer::Invalid),
        Err(RefreshError::Reused) => assert_eq!(expected, Answer::Reused),
        Err(RefreshError::Port(error)) => panic!("{error}"),
    }
}

async fn sign_out_remotely(house: &House, of: &TokenPair) -> bool {
    let claims: Vec<_> = of.access.split('|').collect();
    let token: TokenId = claims[3].parse().unwrap();
    let caller = Caller {
        user: claims[0].parse().unwrap(),
        email: address("ada@example.org"),
        role: Role::User,
        token,
        expires_at: of.access_expires_at,
    };
    let family: FamilyId = house.memory.family_of(token);
    let out = house.auth.sign_out_device(&caller, family, origin());
    out.await.unwrap()
}

/// An access token lets in exactly while its family lives and its own time is not over.
async fn compare(house: &House, model: &Model) {
    for token in &model.tokens {
        let expected = model.is_alive[token.family] && now(house) < token.pair.access_expires_at;
        let answer = house.auth.authenticate(&token.pair.access).await;
        assert_eq!(answer.is_ok(), expected, "{answer:?}");
    }
}

fn now(house: &House) -> Timestamp {
    let clock: &FixedClock = &house.clock;
    clock.now()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_family_does_what_the_model_does(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(run(steps));
    }
}
