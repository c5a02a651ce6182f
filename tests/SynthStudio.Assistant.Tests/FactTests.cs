using SynthStudio.Assistant.Facts;

namespace SynthStudio.Assistant.Tests;

/// <summary>Which numbers stand in facts, and which sentences may stand in a draft.</summary>
[TestClass]
public sealed class FactTests
{
    [TestMethod]
    [DataRow("Shape is 0.9312.", "0.9312", "")]
    [DataRow("Shape is 0.93.", "0.9312", "")]
    [DataRow("Shape is 93%.", "0.9312", "")]
    [DataRow("Shape is 93.1 %.", "0.9312", "")]
    [DataRow("Shape is 94%.", "0.9312", "94%")]
    [DataRow("Shape is 0.94.", "0.9312", "0.94")]
    [DataRow("It has 12,345 rows.", "12345", "")]
    [DataRow("It has 12346 rows.", "12345", "12346")]
    [DataRow("It has 12 rows.", "1.2", "12")]
    [DataRow("It is about 1.", "1.4", "1")]
    [DataRow("Delta is 0.000001.", "1E-06", "")]
    [DataRow("Delta is 1e-6.", "1E-06", "")]
    [DataRow("Delta is 1e-5.", "1E-06", "1e-5")]
    [DataRow("Trained on 2026-11-29.", "2026-11-29 02:00:00Z", "")]
    [DataRow("Trained on 2026-11-30.", "2026-11-29 02:00:00Z", "2026-11-30")]
    [DataRow("It has three columns.", "3", "")]
    [DataRow("It has four columns.", "3", "four")]
    [DataRow("Twenty-one rows.", "21", "Twenty")]
    [DataRow("A half of them.", "0.5", "")]
    [DataRow("It costs ½ of it.", "0.9", "½")]
    [DataRow("It has ٣ columns.", "4", "٣")]
    [DataRow("Level Ⅳ.", "3", "Ⅳ")]
    [DataRow("It has 𝟗𝟗 rows.", "3", "𝟗𝟗")]
    [DataRow("Version v2 of projects/p/generators/g7.", "projects/p/generators/g7", "v2")]
    [DataRow("Between 0.1–0.3.", "0.1 0.3", "")]
    [DataRow("It is -5.", "5", "-5")]
    [DataRow("No numbers here, thirdly.", "", "")]
    public void Numbers_stand_where_they_are_written_or_round_to(string text, string source, string unsupported) =>
        Assert.AreEqual(unsupported, string.Join(" ", NumberCheck.Unsupported(text, [source])));

    [TestMethod]
    [DataRow("The model keeps epsilon at 1.5.", "F1", null)]
    [DataRow("The model keeps epsilon at 1.5.", "F2", "numbers that its facts have not: 1.5")]
    [DataRow("The model keeps epsilon low.", "", "names no fact")]
    [DataRow("The model keeps epsilon low.", "F9", "F9, which is no fact")]
    [DataRow("It is HIPAA-compliant.", "F1", "a verdict")]
    [DataRow("The rows are anonymous.", "F1", "a verdict")]
    [DataRow("It guarantees differential privacy.", "F1", "guarantee without the fact")]
    [DataRow("It guarantees differential privacy.", "F3", null)]
    [DataRow("", "F1", "is empty")]
    public void A_sentence_stands_on_the_facts_that_it_names(string text, string fact, string? fault)
    {
        var facts = new FactSheet();
        facts.Add("privacy.epsilon", "1.5", "g");
        facts.Add("model.rows", "100", "g");
        facts.Add("privacy.guaranteed", "true", "g");

        var found = SentenceCheck.FindFault(new DraftSentence(text, fact.Length > 0 ? [fact] : []), facts);

        if (fault is null) Assert.IsNull(found);
        else Assert.Contains(fault, found!);
    }

    [TestMethod]
    [DataRow("What it is", "What it is")]
    [DataRow("GDPR compliance", "GDPR compliance")]
    [DataRow("Fully compliant with GDPR", "")]
    [DataRow("The 3 best figures", "")]
    public void A_heading_has_no_numbers_and_no_verdicts(string text, string heading) => Assert.AreEqual(heading, SentenceCheck.Heading(text));

    [TestMethod]
    public void Ids_of_facts_are_no_part_of_a_sentence() =>
        Assert.AreEqual("It has 100 rows.", SentenceCheck.Clean(new DraftSentence("It has 100 rows [F1, F2].", [])).Text);
}
