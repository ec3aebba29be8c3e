//! Doing what the relay says.

use crate::relay::Effect;
use crate::talk::drive::{ModelSide, Talk};
use crate::talk::job;

impl Talk {
    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::ToModel(command) => {
                if let ModelSide::Open(link) = &mut self.model {
                    link.send(command);
                }
            }
            Effect::AudioToClient(audio) => self.client.send_audio(audio),
            Effect::ToClient(message) => self.client.send(message),
            Effect::ForgetClientAudio => self.client.forget_audio(),
            Effect::PingClient => self.client.ping(),
            Effect::PingModel => {
                if let ModelSide::Open(link) = &mut self.model {
                    link.ping();
                }
            }
            Effect::Record(track, sound) => {
                if let Some(recording) = &mut self.begun.recording {
                    recording.append(track, &sound);
                }
            }
            Effect::Store(turn) => self.write(|writer| writer.turn(turn)),
            Effect::Meter(usage) => self.write(|writer| writer.meter(usage)),
            Effect::Connect => self.connect(),
            Effect::Disconnect => self.disconnect(),
            Effect::RunTool(call) => self.jobs.push(job::tool(&self.voice, &self.begun, call)),
            Effect::FindPicture(id) => {
                self.jobs
                    .push(job::picture(&self.voice, self.begun.user, id));
            }
            Effect::End(farewell) => self.farewell = Some(farewell),
        }
    }

    fn write(&mut self, write: impl FnOnce(&mut crate::talk::writer::Writer)) {
        if let Some(writer) = &mut self.writer {
            write(writer);
        }
    }

    fn connect(&mut self) {
        let (model, student) = (self.begun.model.clone(), self.begun.user.pseudonym());
        self.model = ModelSide::Connecting(Box::pin(async move { model.connect(&student).await }));
    }

    fn disconnect(&mut self) {
        if let ModelSide::Open(mut link) = std::mem::replace(&mut self.model, ModelSide::None) {
            link.start_close();
            self.leaving = Some(link);
        }
    }
}
