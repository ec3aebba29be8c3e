//! What the bundled pages say: written for this repository.

/// One page of a study book.
pub struct Page {
    /// The file it is kept in.
    pub file: &'static str,
    /// The canonical topic it counts for.
    pub topic: &'static str,
    /// What it is about, as a reader says.
    pub subject: &'static str,
    /// Finer.
    pub subtopic: &'static str,
    /// Its headline.
    pub title: &'static str,
    /// What it says.
    pub paragraphs: &'static [&'static str],
}

/// The bundled pages.
pub const PAGES: [Page; 4] = [BIOLOGY, MATHEMATICS, ENGLISH, CHEMISTRY];

const BIOLOGY: Page = Page {
    file: "biology.jpg",
    topic: "Bio",
    subject: "Biology",
    subtopic: "Photosynthesis",
    title: "How a Leaf Makes Sugar",
    paragraphs: &[
        "Photosynthesis takes place in the chloroplasts of plant cells. The green pigment \
         chlorophyll in the thylakoid membrane absorbs light, and the energy of that light splits \
         water molecules. Oxygen leaves the leaf through small openings called stomata.",
        "The light reactions store energy in ATP and NADPH. In the stroma, the enzymes of the \
         Calvin cycle use both to build glucose from carbon dioxide. The plant burns some of this \
         sugar at once in its mitochondria and keeps the rest as starch.",
        "Guard cells open and close the stomata. On a hot, dry day the cells lose water, the \
         stomata close, and photosynthesis slows down because no carbon dioxide comes in.",
        "Question 1. Which organelle releases oxygen, and from which molecule does the oxygen \
         come?",
    ],
};

const MATHEMATICS: Page = Page {
    file: "mathematics.jpg",
    topic: "Math",
    subject: "Mathematics",
    subtopic: "Quadratic equations",
    title: "Solving Quadratic Equations",
    paragraphs: &[
        "A quadratic equation has the form ax² + bx + c = 0, where a, b and c are real numbers \
         and a is not zero. Its graph is a parabola. The solutions of the equation are the points \
         where the parabola meets the x axis.",
        "Example. Solve x² − 5x + 6 = 0. We look for two numbers whose product is 6 and whose sum \
         is 5. They are 2 and 3, so the polynomial factors as (x − 2)(x − 3) = 0. A product is \
         zero only if one factor is zero. Therefore x = 2 or x = 3.",
        "The number b² − 4ac is the discriminant. If it is positive there are two real solutions, \
         if it is zero there is one, and if it is negative there is none.",
        "Exercise 4. Find the discriminant of 2x² + 3x + 5 = 0 and say how many real solutions \
         the equation has.",
    ],
};

const ENGLISH: Page = Page {
    file: "english.jpg",
    topic: "English",
    subject: "English",
    subtopic: "Poetry",
    title: "Reading a Poem Aloud",
    paragraphs: &[
        "A poem is made for the ear. Read each stanza aloud before you ask what it means, and \
         listen for rhyme, for rhythm and for words that repeat. The speaker of a poem is not \
         always the poet, just as the narrator of a novel is not its author.",
        "A metaphor says that one thing is another: the moon is a lantern. A simile compares with \
         like or as: the moon shines like a lantern. Personification gives human feelings to a \
         thing: the moon watches over the sleeping town.",
        "When you write an essay about a poem, begin with a thesis sentence. Quote short phrases, \
         name the literary device, and explain how it shapes the tone and the theme.",
        "Exercise 2. Underline each adjective and each verb in the first stanza. Which of them \
         changes the mood of the poem?",
    ],
};

const CHEMISTRY: Page = Page {
    file: "chemistry.jpg",
    topic: "Chem",
    subject: "Chemistry",
    subtopic: "Acids and bases",
    title: "Acids, Bases and Salts",
    paragraphs: &[
        "An acid is a substance that gives hydrogen ions to water. Hydrochloric acid, HCl, \
         separates almost completely into ions and is called a strong acid. Acetic acid is weak: \
         most of its molecules stay whole in the solution.",
        "A base takes up hydrogen ions. Sodium hydroxide, NaOH, brings hydroxide ions into the \
         solution. When an acid and a base react, they neutralize each other and form a salt and \
         water: HCl + NaOH = NaCl + H2O.",
        "The pH scale tells the concentration of hydrogen ions. A pH below 7 is acidic, a pH \
         above 7 is basic. Litmus turns red in an acid and blue in a base.",
        "Question 3. How many moles of NaOH are needed to neutralize 50 mL of a 0.2 molar \
         solution of HCl in a titration?",
    ],
};
