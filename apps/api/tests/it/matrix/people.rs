//! A server with people who have something of everything.

use serde_json::{Value, json};

use super::call::{Call, at, fresh, fresh_email};
use super::document::MOUNT;
use super::who::Who;
use crate::harness::{Answer, Client, Model, PASSWORD, Server, Setup};

/// The server and who is known to it.
pub(super) struct World {
    pub(super) server: Server,
    client: Client,
    /// A user.
    pub(super) ada: Person,
    /// An admin.
    pub(super) root: Person,
    /// A user with whom the others have nothing to do.
    pub(super) bob: Person,
    /// An access token of a device that has signed out.
    pub(super) signed_out: String,
    /// An access token of an account that was closed.
    pub(super) disabled: String,
    _model: Model,
}

/// Somebody who is signed in, and the ids of what they have.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) email: String,
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) user: String,
    pub(super) session: String,
    pub(super) analysis: String,
    pub(super) key: String,
    /// A signed link below the mount, where this server serves objects.
    pub(super) link: Option<String>,
    pub(super) bookmark: String,
    /// Another device they are signed in on.
    pub(super) device: String,
    /// Somebody else's id.
    pub(super) other: String,
}

impl Person {
    /// A link to an object of theirs, with another key in its place. Without links of this server's
    /// it is one that nobody was given.
    pub(super) fn link_to(&self, key: &str) -> String {
        match &self.link {
            Some(link) => link.replace(&self.key, key),
            None => format!("/objects/{key}?expires=1&signature=x"),
        }
    }
}

impl World {
    pub(super) async fn start(setup: Setup) -> Self {
        let model = Model::start().await;
        model.says("Biology", "", "x");
        let setup = setup
            .with("OPENAI_BASE_URL", &model.url())
            .with("OPENAI_API_KEY", "test-key")
            .with("VISION_MODEL", "gpt-test")
            .with("TRUSTED_PROXIES", "127.0.0.0/8")
            .with("RATE_LIMIT_REQUESTS_PER_MIN", "0")
            .with("RATE_LIMIT_ANALYSES_PER_MIN", "0");
        let server = setup.start().await;
        let maker = Maker::new(&server);
        let bob = maker.person().await;
        let (ada, root) = (maker.beside(&bob).await, maker.beside(&bob).await);
        grant(&server, &root.email);
        let root = maker.renewed(root).await;
        let mut world = Self {
            client: server.stranger(),
            server,
            ada,
            root,
            signed_out: maker.person().await.access,
            disabled: String::new(),
            bob,
            _model: model,
        };
        world.sign_out().await;
        world.disable(maker.person().await).await;
        world
    }

    /// A user with credentials of their own, or an admin.
    pub(super) async fn somebody(&self, who: Who) -> Person {
        let maker = Maker::new(&self.server);
        let mut person = maker.beside(&self.bob).await;
        if who == Who::Admin {
            let path = format!("/admin/users/{}", person.user);
            let call = at(path).json(json!({ "role": "admin" }));
            let made = self.ask("PATCH", MOUNT, &call, Who::Admin).await;
            made.data();
            person = maker.renewed(person).await;
        }
        person
    }

    /// Who stands for these credentials where nothing is lost.
    pub(super) const fn anybody(&self, who: Who) -> &Person {
        match who {
            Who::Admin => &self.root,
            _ => &self.ada,
        }
    }

    pub(super) async fn ask(&self, method: &str, mount: &str, call: &Call, who: Who) -> Answer {
        let me = self.anybody(who);
        self.ask_as((who, me), method, mount, call).await
    }

    /// Sends a call in somebody's name, from an address of its own so that no limit counts it.
    pub(super) async fn ask_as(
        &self,
        (who, me): (Who, &Person),
        method: &str,
        mount: &str,
        call: &Call,
    ) -> Answer {
        let path = format!("{mount}{}", call.path);
        let request = self.client.request(method.parse().unwrap(), &path);
        let mut request = call.fill(request).header("X-Forwarded-For", address());
        for (name, value) in who.headers(self, me) {
            request = request.header(name, value);
        }
        self.client.send(request).await
    }

    async fn sign_out(&self) {
        let token = self.signed_out.clone();
        let gone = self.client.bearing(&token);
        gone.post("/api/v1/auth/logout", json!({})).await.data();
    }

    async fn disable(&mut self, person: Person) {
        let call = at(format!("/admin/users/{}", person.user));
        let call = call.json(json!({ "disabled": true }));
        let closed = self.ask("PATCH", MOUNT, &call, Who::Admin).await;
        closed.data();
        self.disabled = person.access;
    }
}

/// Makes people.
struct Maker {
    client: Client,
    base: String,
}

impl Maker {
    fn new(server: &Server) -> Self {
        Self {
            client: server.stranger(),
            base: format!("{}{MOUNT}", server.base),
        }
    }

    async fn beside(&self, other: &Person) -> Person {
        Person {
            other: other.user.clone(),
            ..self.person().await
        }
    }

    async fn person(&self) -> Person {
        let email = fresh_email();
        let account = json!({ "email": email, "password": PASSWORD });
        let entered = self.post(None, at("/auth/register").json(account)).await;
        let access = text(&entered, "token");
        let phone = json!({ "email": email, "password": PASSWORD, "deviceName": "phone" });
        self.post(None, at("/auth/login").json(phone)).await;
        let call = at("/upload-and-analyze").form([]);
        let seen = self.post(Some(&access), call).await;
        let mark = json!({ "analysisId": seen["analysisId"] });
        let bookmark = self.post(Some(&access), at("/bookmark").json(mark)).await;
        let link = text(&seen, "s3Url");
        Person {
            refresh: text(&entered, "refreshToken"),
            user: text(&entered, "userId"),
            session: text(&seen, "sessionId"),
            analysis: text(&seen, "analysisId"),
            key: text(&seen, "s3Key"),
            link: link.strip_prefix(&self.base).map(str::to_owned),
            bookmark: text(&bookmark, "bookmarkId"),
            device: self.device(&access).await,
            other: text(&entered, "userId"),
            email,
            access,
        }
    }

    /// The device that does not ask.
    async fn device(&self, access: &str) -> String {
        let me = self.client.bearing(access);
        let devices = me.get("/api/v1/auth/devices").await;
        let items = devices.data()["items"].as_array().unwrap();
        let other = items.iter().find(|device| device["current"] == false);
        text(other.unwrap(), "deviceId")
    }

    /// The same person with the tokens of today's role.
    async fn renewed(&self, person: Person) -> Person {
        let body = json!({ "refreshToken": person.refresh });
        let pair = self.post(None, at("/auth/refresh").json(body)).await;
        Person {
            access: text(&pair, "token"),
            refresh: text(&pair, "refreshToken"),
            ..person
        }
    }

    async fn post(&self, access: Option<&str>, call: Call) -> Value {
        let path = format!("{MOUNT}{}", call.path);
        let client = match access {
            Some(access) => self.client.bearing(access),
            None => self.client.clone(),
        };
        let request = call.fill(client.request(reqwest::Method::POST, &path));
        let answer = client.send(request.header("X-Forwarded-For", address()));
        answer.await.data().clone()
    }
}

fn text(value: &Value, name: &str) -> String {
    let text = value[name].as_str();
    text.unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

/// An address nobody has called from.
fn address() -> String {
    let [_, high, middle, low] = fresh().to_be_bytes();
    format!("10.{high}.{middle}.{low}")
}

fn grant(server: &Server, email: &str) {
    let granted = server.command().args(["admin", "grant", email]).output();
    assert!(granted.unwrap().status.success());
}
