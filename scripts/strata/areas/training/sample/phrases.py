"""Free text as people type it: other scripts, quotes, a newline, a cell that a spreadsheet would run."""

QUESTIONS = (
    "I am looking for a gift for my sister.",
    "Is there a cheaper one?",
    "Das ist mir zu teuer. Gibt es etwas Günstigeres?",
    "이 제품은 어떤 점이 더 좋은가요?",
    "What is the difference between the two?",
    'My friend said "never buy that brand".',
    "Does it come with a warranty?\nAnd who pays for the return?",
    "=SUM(1,2) is what your price tag says",
    "Only looking 🙂",
    "क्या इसमें छूट मिलेगी?",
    "I need it by tomorrow.",
    "Can I pay in three parts?",
)
ANSWERS = (
    "Of course. What does she like?",
    "This one costs less and does nearly the same.",
    "Gerne: dieses Modell ist im Angebot.",
    "배터리가 두 배 오래갑니다.",
    "The left one is lighter, the right one lasts longer.",
    "Would you like to try it yourself?",
    "Two years, and returns are free.",
    "Shall I add a case? It is half price today.",
    "Take your time, I am over here.",
    "आज दस प्रतिशत छूट है।",
    "We can deliver it tonight.",
    "Yes, without interest.",
)
