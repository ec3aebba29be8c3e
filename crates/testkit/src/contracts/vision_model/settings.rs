//! What is set, and what of it travels.

use vision::{ViewSpec, VisionModel};

use super::house::{House, KEY, page};
use super::{Adapter, Wishes};

/// Neither in the address nor in another header.
pub async fn the_key_travels_in_its_header_alone_and_does_not_show<A: Adapter>() {
    let house = House::<A>::new().await;
    house.sees(&page()).await;
    let (name, before) = A::KEY_HEADER;
    let request = &house.simulator.requests()[0];
    let expected = format!("{before}{KEY}");
    assert_eq!(request.header(name), Some(expected.as_str()));
    for other in ["authorization", "x-api-key", "x-goog-api-key"] {
        assert!(other == name || request.header(other).is_none());
    }
    assert!(!request.path.contains(KEY));
    assert!(!format!("{:?}", house.model()).contains(KEY));
}

/// The provider's own name stands beside it.
pub async fn the_view_is_a_jpeg_of_the_size_that_is_set<A: Adapter>() {
    let mut house = House::<A>::new().await;
    house.wishes.max_side_px = 1280;
    let model = house.model();
    assert_eq!(model.view(), ViewSpec::Jpeg { max_side: 1280 });
    assert_eq!(model.name(), A::NAME);
}

/// Before anything is sent.
pub async fn settings_that_cannot_work_are_refused<A: Adapter>() {
    let house = House::<A>::new().await;
    let refused = |change: &dyn Fn(&mut Wishes)| {
        let mut wishes = house.wishes.clone();
        change(&mut wishes);
        match A::model(wishes) {
            Err(told) => told,
            Ok(model) => panic!("{model:?}"),
        }
    };
    let blank = refused(&|wishes| " ".clone_into(&mut wishes.model));
    assert!(blank.contains("model's name"), "{blank}");
    for base in ["file:///v1", "http://user:pass@h/v1", "http://h/v1?x=1"] {
        let told = refused(&|wishes| {
            wishes.base = base.parse().unwrap_or_else(|error| panic!("{error}"));
        });
        assert!(told.contains("base URL"), "{told}");
    }
    for key in ["", " ", "a\nb"] {
        let told = refused(&|wishes| key.clone_into(&mut wishes.key));
        assert!(told.contains("API key"), "{told}");
    }
    assert_eq!(house.simulator.request_count(), 0);
}
