//! A server's accounts, ready to be used.

use std::sync::{Arc, LazyLock};

use auth::{
    Admin, Auth, AuthPorts, AuthRules, Caller, Device, EmailAddress, GoogleIdentity, NewPassword,
    Origin, Password, Purpose, SignInError, SignedIn,
};
use chrono::TimeDelta;
use limits::InProcessLimiter;
use testkit::{FixedClock, SeededBits};

use crate::memory::Memory;
use crate::stand_ins::{
    Forever, KeptTasks, KnownGoogle, Outbox, PlainAccess, PlainHasher, SeededSecrets,
};

pub(crate) const PASSWORD: &str = "Correct-Horse-1";

pub(crate) struct House {
    pub(crate) auth: Auth,
    pub(crate) admin: Admin,
    pub(crate) memory: Arc<Memory>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) hasher: Arc<PlainHasher>,
    pub(crate) google: Arc<KnownGoogle>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) tasks: Arc<KeptTasks>,
}

impl House {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(FixedClock::at("2026-03-02T10:00:00Z"));
        Self::over(Arc::default(), clock, 1)
    }

    /// One whose store lets calls overtake each other in an order of its own.
    pub(crate) fn of_order(order: u64) -> Self {
        let memory = Memory::of_order(order);
        let clock = Arc::new(FixedClock::at("2026-03-02T10:00:00Z"));
        Self::over(Arc::new(memory), clock, 1)
    }

    /// Another process on the same database.
    pub(crate) fn beside(&self) -> Self {
        Self::over(self.memory.clone(), self.clock.clone(), 2)
    }

    fn over(memory: Arc<Memory>, clock: Arc<FixedClock>, seed: u64) -> Self {
        let hasher = Arc::new(PlainHasher::new());
        let (google, outbox, tasks) = (Arc::default(), Arc::default(), Arc::default());
        let ports = AuthPorts {
            accounts: memory.clone(),
            families: memory.clone(),
            mailed: memory.clone(),
            feed: memory.clone(),
            audit: memory.clone(),
            census: memory.clone(),
            limiter: Arc::new(InProcessLimiter::default()),
            hasher: hasher.clone(),
            access: Arc::new(PlainAccess),
            google: Some(Arc::clone(&google) as Arc<KnownGoogle>),
            mailer: Arc::clone(&outbox) as Arc<Outbox>,
            secrets: Arc::new(SeededSecrets(SeededBits::new(seed << 32))),
            clock: clock.clone(),
            ids: Arc::new(SeededBits::new(seed << 40)),
            tasks: Arc::clone(&tasks) as Arc<KeptTasks>,
            timer: Arc::new(Forever),
        };
        let auth = Auth::new(ports, AuthRules::default());
        Self {
            admin: Admin::new(auth.clone()),
            auth,
            memory,
            clock,
            hasher,
            google,
            outbox,
            tasks,
        }
    }

    pub(crate) async fn register(&self, email: &str) -> SignedIn {
        let (email, password) = (address(email), new_password(PASSWORD));
        let registered = self.auth.register(&email, &password, origin());
        registered.await.unwrap()
    }

    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, SignInError> {
        let password = Password::try_new(password.to_owned()).unwrap();
        let email = address(email);
        self.auth.sign_in(&email, &password, origin()).await
    }

    /// The newest mailed secret for this purpose.
    pub(crate) async fn mailed(&self, purpose: Purpose) -> String {
        self.tasks.run().await;
        let mails = self.outbox.0.lock().unwrap();
        let mail = mails.iter().rfind(|mail| mail.purpose == purpose).unwrap();
        mail.token.expose().to_owned()
    }

    pub(crate) async fn verify(&self) {
        let token = self.mailed(Purpose::VerifyAddress).await;
        self.auth.verify_address(&token, origin()).await.unwrap();
    }

    /// Sets a new password by mail.
    pub(crate) async fn reset(&self, email: &str, password: &str) {
        let email = address(email);
        let forgot = self.auth.forgot_password(&email, origin());
        forgot.await.unwrap();
        let token = self.mailed(Purpose::ResetPassword).await;
        let password = new_password(password);
        let reset = self.auth.reset_password(&token, &password, origin());
        reset.await.unwrap();
    }

    /// Google knows somebody by this ID token or code.
    pub(crate) fn google_knows(&self, token: &str, subject: &str, email: &str) {
        let identity = GoogleIdentity {
            subject: subject.parse().unwrap(),
            email: address(email),
            name: Some("Ada".to_owned()),
        };
        let mut known = self.google.0.lock().unwrap();
        known.insert(token.to_owned(), identity);
    }

    pub(crate) async fn caller(&self, signed_in: &SignedIn) -> Caller {
        let access = &signed_in.tokens.access;
        self.auth.authenticate(access).await.unwrap()
    }

    pub(crate) fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
    }
}

pub(crate) fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

pub(crate) fn new_password(text: &str) -> NewPassword {
    NewPassword::try_new(text.to_owned()).unwrap()
}

pub(crate) fn origin() -> &'static Origin {
    static ORIGIN: LazyLock<Origin> = LazyLock::new(|| Origin {
        address: Some([192, 0, 2, 7].into()),
        device: Device::new(Some("phone"), Some("app/1")),
    });
    &ORIGIN
}
