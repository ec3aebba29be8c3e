//! In open mode a browser on the machine is no way in for the pages of others.

use http::Method;
use http_api::{CorsOrigins, Identity};

use crate::harness::{Answer, App, Client, Setup};

const MINE: &str = "/api/v1/session/active";

fn listing(origin: &str) -> Setup {
    Setup {
        cors: CorsOrigins::List(vec![origin.to_owned()]),
        ..Setup::default()
    }
}

/// A request to this host, with these headers besides.
async fn ask(app: &App, host: &str, headers: &[(&str, &str)], path: &str) -> Answer {
    let mut request = http::Request::builder()
        .method(Method::GET)
        .uri(path)
        .header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(axum::body::Body::empty()).unwrap();
    Client::new(app.router.clone(), "ada").send(request).await
}

#[track_caller]
fn assert_foreign(answer: &Answer, what: &str) {
    assert_eq!(answer.error(), (403, "FOREIGN_PAGE"), "{what}");
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_in_open_mode_whatever_it_asks() {
    let app = App::start().await;
    let local = "localhost:8080";
    let pages: [&[(&str, &str)]; 7] = [
        &[("origin", "https://evil.example")],
        &[("origin", "http://localhost:3000")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:8080")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "no-cors"),
        ],
    ];
    for page in pages {
        for path in [
            MINE,
            "/api/session/active",
            "/metrics",
            "/api-docs/openapi.json",
            "/api/v1/auth/me",
        ] {
            let answer = ask(&app, local, page, path).await;
            assert_foreign(&answer, &format!("{page:?} {path}"));
        }
    }
}

#[tokio::test]
async fn a_foreign_page_writes_nothing_in_open_mode() {
    let app = App::start().await;
    let page = app.client("ada").with("origin", "https://evil.example");
    let started = page.empty(Method::POST, "/api/v1/session/start").await;
    assert_foreign(&started, "start");
    assert_foreign(&page.upload(None).await, "upload");
    assert_eq!(app.stored_objects(), 0);
}

#[tokio::test]
async fn no_page_opens_a_socket_to_an_open_server_but_its_own() {
    let app = App::start().await;
    for path in ["/ws", "/api/ws", "/api/v1/ws"] {
        let evil = [("origin", "https://evil.example"), ("upgrade", "websocket")];
        let refused = ask(&app, "localhost:8080", &evil, path).await;
        assert_foreign(&refused, path);
        let own = [("origin", "http://localhost:8080")];
        let admitted = ask(&app, "localhost:8080", &own, path).await;
        assert_eq!(admitted.error(), (426, "UPGRADE_REQUIRED"), "{path}");
    }
}

#[tokio::test]
async fn a_name_that_somebody_else_may_have_pointed_here_is_refused_in_open_mode() {
    let app = App::start().await;
    for host in [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.nip.example",
        "",
        "a b",
    ] {
        let own = format!("http://{host}");
        let page: &[(&str, &str)] = if host == "a b" {
            &[]
        } else {
            &[("origin", &own)]
        };
        let answer = ask(&app, host, page, MINE).await;
        assert_eq!(answer.error(), (421, "UNKNOWN_HOST"), "{host}");
    }
}

#[tokio::test]
async fn programs_and_own_pages_go_on_working_by_address_and_localhost() {
    let app = App::start().await;
    for host in [
        "192.168.1.7:8080",
        "127.0.0.1",
        "[::1]:8080",
        "[fd00::7]",
        "LocalHost:8080",
        "app.localhost",
    ] {
        let own = format!("http://{host}");
        let askers: [&[(&str, &str)]; 4] = [
            &[],
            &[("origin", &own)],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
        ];
        for asker in askers {
            let answer = ask(&app, host, asker, MINE).await;
            assert_eq!(answer.status, 200, "{host} {asker:?} {}", answer.body);
        }
    }
}

#[tokio::test]
async fn somebody_who_follows_a_link_from_elsewhere_gets_there() {
    let app = App::start().await;
    let visit = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
    ];
    let answer = ask(&app, "localhost:8080", &visit, "/health/live").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_listed_origin_and_its_host_and_the_public_url_are_let_in() {
    let app = listing("http://box.example:3000").start().await;
    let page = [
        ("origin", "http://box.example:3000"),
        ("sec-fetch-site", "cross-site"),
    ];
    for host in ["127.0.0.1:8080", "box.example:8080"] {
        assert_eq!(ask(&app, host, &page, MINE).await.status, 200, "{host}");
    }
    let public = Setup {
        public_url: Some("https://tunnel.example/"),
        ..Setup::default()
    };
    let app = public.start().await;
    let own = [("origin", "https://tunnel.example")];
    for host in ["tunnel.example", "127.0.0.1:8080"] {
        assert_eq!(ask(&app, host, &own, MINE).await.status, 200, "{host}");
    }
    let other = ask(
        &app,
        "tunnel.example",
        &[("origin", "https://evil.example")],
        MINE,
    )
    .await;
    assert_foreign(&other, "public");
}

#[tokio::test]
async fn an_image_behind_a_link_may_be_shown_on_any_page() {
    let app = App::start().await;
    let image = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-dest", "image"),
    ];
    let path = "/api/v1/objects/uploads/x?expires=1&signature=x";
    let answer = ask(&app, "localhost:8080", &image, path).await;
    assert_ne!(answer.error().1, "FOREIGN_PAGE");
}

#[tokio::test]
async fn secured_mode_asks_for_a_token_and_not_for_a_page() {
    let setup = Setup {
        identity: Identity::Secured,
        ..Setup::default()
    };
    let app = setup.start().await;
    let ada = app.member("ada@example.org").await;
    let token = format!("Bearer {}", ada.token);
    let page = [
        ("origin", "https://any.example"),
        ("authorization", token.as_str()),
    ];
    assert_eq!(ask(&app, "api.example", &page, MINE).await.status, 200);
}
