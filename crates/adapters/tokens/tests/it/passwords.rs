//! Hashes of passwords.

use auth::{Password, PasswordHasher, Verdict};
use futures_util::future::join_all;
use kernel::Fault;
use tokens::{Argon2Hasher, HashCost};

/// As cheap as argon2 allows; tests of the rules do not need it slow.
const CHEAP: HashCost = HashCost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

fn password(text: &str) -> Password {
    Password::try_new(text.to_owned()).unwrap()
}

#[tokio::test]
async fn a_password_is_right_for_its_hash_alone() {
    let hasher = Argon2Hasher::new(HashCost::default(), 2).unwrap();
    let hash = hasher.hash(&password("Correct-1")).await.unwrap();
    let head = "$argon2id$v=19$m=19456,t=2,p=1$";
    assert!(hash.as_str().starts_with(head));
    let verdict = async |text| hasher.verify(&password(text), &hash).await.unwrap();
    assert_eq!(verdict("Correct-1").await, Verdict::Right);
    assert_eq!(verdict("correct-1").await, Verdict::Wrong);
    let again = hasher.hash(&password("Correct-1")).await.unwrap();
    assert_ne!(again, hash);
}

#[tokio::test]
async fn a_hash_of_other_parameters_is_right_but_outdated() {
    let old = Argon2Hasher::new(CHEAP, 1).unwrap();
    let hash = old.hash(&password("Correct-1")).await.unwrap();
    let today = Argon2Hasher::new(HashCost { passes: 2, ..CHEAP }, 1).unwrap();
    let verdict = async |text| today.verify(&password(text), &hash).await.unwrap();
    assert_eq!(verdict("Correct-1").await, Verdict::RightButOutdated);
    assert_eq!(verdict("Wrong-1").await, Verdict::Wrong);
    let argon2i =
        "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CNCnAn4uYqDGdBFzj1I8kT3GPjGcOLrFLJRIAIXfCCM";
    let of_another_kind = old.verify(&password("x"), &argon2i.to_owned().into()).await;
    assert_eq!(of_another_kind.unwrap(), Verdict::Wrong);
}

#[tokio::test]
async fn the_decoy_costs_the_same_and_is_nobodys() {
    let hasher = Argon2Hasher::new(CHEAP, 1).unwrap();
    let hash = hasher.hash(&password("Correct-1")).await.unwrap();
    let cost = |hash: &str| {
        hash.split('$')
            .take(4)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(cost(hasher.decoy().as_str()), cost(hash.as_str()));
    let verdict = hasher.verify(&password("Correct-1"), hasher.decoy()).await;
    assert_eq!(verdict.unwrap(), Verdict::Wrong);
}

#[tokio::test]
async fn what_is_no_hash_is_corrupt() {
    let hasher = Argon2Hasher::new(CHEAP, 1).unwrap();
    for text in [
        "",
        "plain",
        "$argon2id$v=19$m=8,t=1,p=1$",
        "$2b$10$abcdefghijklmnopqrstuv",
    ] {
        let verdict = hasher.verify(&password("x"), &text.to_owned().into()).await;
        let fault = verdict.err().map(|error| error.fault());
        assert_eq!(fault, Some(Fault::Corrupt), "{text}");
    }
}

#[tokio::test]
async fn more_than_may_wait_are_turned_away_and_the_others_served() {
    let hasher = Argon2Hasher::new(CHEAP, 1).unwrap();
    let password = password("Correct-1");
    let answers = join_all((0..100).map(|_| hasher.hash(&password))).await;
    let served = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(served, 33);
    let turned_away = answers.into_iter().find_map(Result::err).unwrap();
    assert_eq!(turned_away.fault(), Fault::Unavailable);
    hasher.hash(&password).await.unwrap();
}
