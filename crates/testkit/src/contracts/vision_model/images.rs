//! Images in the body and behind links.

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use tokio::net::TcpListener;
use url::Url;
use vision::{ImageInput, View};

use super::Adapter;
use super::house::{House, failure, file, page};
use crate::sim::{Fault, Step};

/// No byte is changed on the way.
pub async fn bytes_arrive_as_they_are<A: Adapter>() {
    let (house, image) = (House::<A>::new().await, page());
    house.sees(&image).await;
    let arrived = house.simulator.requests()[0].image();
    assert_eq!(arrived.as_deref(), Some(&file(&image)[..]));
}

/// Then no byte travels.
pub async fn a_link_is_opened_by_the_provider<A: Adapter>() {
    let (house, mut image) = (House::<A>::new().await, page());
    image.link = Some(store(&image).await);
    house.sees(&image).await;
    let url = house.simulator.requests()[0].image_url();
    assert_eq!(url, image.link.map(String::from));
}

/// At once, in a second request.
pub async fn when_the_provider_cannot_open_the_link_the_bytes_follow<A: Adapter>() {
    let (house, mut image) = (House::<A>::new().await, page());
    let mut expired = store(&image).await;
    expired.set_path("/expired.jpg");
    image.link = Some(expired);
    house.sees(&image).await;
    assert_eq!(house.simulator.request_count(), 2);
    assert!(house.simulator.requests()[1].image().is_some());
}

/// And are not sent again.
pub async fn bytes_that_are_no_image_are_refused<A: Adapter>() {
    let (house, mut image) = (House::<A>::new().await, page());
    image.view = View::Jpeg {
        bytes: "no image".into(),
        width: 1,
        height: 1,
    };
    let told = house.look(&image).await.map_err(|e| e.to_string());
    let expected = format!("refused the image ({})", A::WORDS.no_image);
    assert!(told.is_err_and(|told| told.ends_with(&expected)));
    assert_eq!(house.simulator.request_count(), 1);
}

/// With the provider's name of the fault.
pub async fn a_refused_image_is_told<A: Adapter>() {
    let code = "image_parse_error".to_owned();
    let (error, _) = failure::<A>(Step::fault(Fault::ImageRefused { code })).await;
    let expected = format!(
        "the provider refused the image ({})",
        A::WORDS.refused_image
    );
    assert!(error.to_string().ends_with(&expected), "{error}");
}

/// Serves the page's bytes under `/page.jpg` and nothing else.
async fn store(image: &ImageInput) -> Url {
    let bytes: Bytes = file(image).clone();
    let hand_out = get(move || async move { bytes });
    let opened = TcpListener::bind("127.0.0.1:0").await;
    let listener = opened.unwrap_or_else(|error| panic!("{error}"));
    let address = listener.local_addr().map(|address| address.to_string());
    let served = axum::serve(listener, Router::new().route("/page.jpg", hand_out));
    tokio::spawn(served.into_future());
    let link = format!("http://{}/page.jpg", address.unwrap_or_default());
    link.parse()
        .unwrap_or_else(|error| panic!("{link}: {error}"))
}
