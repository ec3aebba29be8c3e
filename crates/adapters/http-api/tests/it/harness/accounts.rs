//! Accounts as the server joins them, with a cheap password hash and mail in a folder.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use auth::{
    AccountFilter, Admin, AdminChange, AdminPermit, Auth, AuthPorts, AuthRules, GoogleAccounts,
    Role,
};
use database::Database;
use email::{Delivery, Email, EmailSettings};
use kernel::{PageRequest, Task, Tasks};
use limits::InProcessLimiter;
use serde_json::json;
use testkit::{FixedClock, SeededBits};
use tokens::{Argon2Hasher, HashCost, HmacAccessTokens, SystemSecrets, TokenSettings};

use super::runtime::TokioTimer;
use super::{App, Client};

pub(crate) const PASSWORD: &str = "Correct-Horse-1";

/// Accounts and their mail.
pub(crate) struct Accounts {
    pub(crate) auth: Auth,
    pub(crate) admin: Admin,
    mails: PathBuf,
    tasks: Arc<KeptTasks>,
}

/// Somebody who is signed in.
pub(crate) struct Member {
    pub(crate) client: Client,
    pub(crate) user: String,
    pub(crate) token: String,
    pub(crate) refresh: String,
}

impl Accounts {
    pub(crate) fn open(
        database: &Database,
        clock: &Arc<FixedClock>,
        google: Option<Arc<dyn GoogleAccounts>>,
        mails: PathBuf,
    ) -> Self {
        let database = Arc::new(database.clone());
        let tasks = Arc::new(KeptTasks::default());
        let ports = AuthPorts {
            accounts: database.clone(),
            families: database.clone(),
            mailed: database.clone(),
            feed: database.clone(),
            audit: database.clone(),
            census: database,
            limiter: Arc::new(InProcessLimiter::default()),
            hasher: Arc::new(hasher()),
            access: Arc::new(HmacAccessTokens::new(token_settings()).unwrap()),
            google,
            mailer: Arc::new(mailer(mails.clone())),
            secrets: Arc::new(SystemSecrets),
            clock: clock.clone(),
            ids: Arc::new(SeededBits::new(3)),
            tasks: tasks.clone(),
            timer: Arc::new(TokioTimer),
        };
        let auth = Auth::new(ports, AuthRules::default());
        Self {
            admin: Admin::new(auth.clone()),
            auth,
            mails,
            tasks,
        }
    }

    /// The code in the only mail sent since the last call.
    pub(crate) async fn mailed_code(&self) -> String {
        let mut mails = self.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let mail = mails.remove(0);
        let is_code = |line: &&str| line.len() == 64 && !line.contains(' ');
        mail.lines().find(is_code).unwrap().to_owned()
    }

    /// The mails sent since the last call.
    pub(crate) async fn mails(&self) -> Vec<String> {
        self.tasks.run().await;
        let files = std::fs::read_dir(&self.mails).unwrap();
        let taken = files.map(|file| file.unwrap().path());
        let taken = taken.filter(|path| path.extension().is_some_and(|kind| kind == "eml"));
        let take = |path: PathBuf| {
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::remove_file(path).unwrap();
            text
        };
        taken.map(take).collect()
    }

    /// Makes the account of this address admin.
    pub(crate) async fn promote(&self, email: &str) {
        let permit = AdminPermit::of_operator();
        let filter = AccountFilter {
            email_contains: Some(email.to_owned()),
            role: None,
        };
        let page = PageRequest::new(1, None);
        let found = self.admin.accounts(&permit, &filter, page).await.unwrap();
        let change = AdminChange {
            role: Some(Role::Admin),
            access: None,
        };
        let changed = self.admin.change(&permit, found.items[0].id, change);
        changed.await.unwrap();
    }
}

impl App {
    /// Somebody with a new account.
    pub(crate) async fn member(&self, email: &str) -> Member {
        self.entered("/api/v1/auth/register", email).await
    }

    /// Somebody who signs in with a password.
    pub(crate) async fn signed_in(&self, email: &str) -> Member {
        self.entered("/api/v1/auth/login", email).await
    }

    /// Somebody with a new account that is admin.
    pub(crate) async fn admin(&self, email: &str) -> Member {
        self.member(email).await;
        self.accounts.promote(email).await;
        self.signed_in(email).await
    }

    async fn entered(&self, path: &str, email: &str) -> Member {
        let client = self.client("somebody-else");
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = client.post(path, &body).await;
        let token = answer.text("token");
        Member {
            client: client.bearing(&token),
            user: answer.text("userId"),
            refresh: answer.text("refreshToken"),
            token,
        }
    }
}

fn hasher() -> Argon2Hasher {
    let cheap = HashCost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
    Argon2Hasher::new(cheap, 2).unwrap()
}

fn token_settings() -> TokenSettings {
    TokenSettings {
        secret: "0123456789abcdef0123456789abcdef".into(),
        previous: None,
        issuer: "smartsight".to_owned(),
        audience: "smartsight".to_owned(),
    }
}

fn mailer(folder: PathBuf) -> Email {
    let settings = EmailSettings {
        delivery: Delivery::Folder(folder),
        from: "SmartSight <no-reply@example.org>".to_owned(),
        pages: None,
    };
    Email::new(settings).unwrap()
}

/// Keeps tasks until the test runs them.
#[derive(Default)]
struct KeptTasks(Mutex<Vec<Task>>);

impl KeptTasks {
    async fn run(&self) {
        let tasks = std::mem::take(&mut *self.0.lock().unwrap());
        for task in tasks {
            task.await;
        }
    }
}

impl Tasks for KeptTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        self.0.lock().unwrap().push(task);
    }
}
