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
    [DataRow("Twenty-one rows.", "21", "Twenty-one")]
    [DataRow("Twenty-one rows.", "20", "Twenty-one")]
    [DataRow("Twenty one rows.", "20", "Twenty-one")]
    [DataRow("Twenty-five rows.", "20 5", "Twenty-five")]
    [DataRow("Two hundred rows.", "2 100", "Two-hundred")]
    [DataRow("It has one hundred rows.", "100", "")]
    [DataRow("It has 1.5 million rows.", "1.5 1000000", "1.5-million")]
    [DataRow("It has 1.5 million rows.", "1.5 million", "")]
    [DataRow("It has 95 000 rows.", "95 0", "000")]
    [DataRow("It has 9\u200B5 rows.", "9 5", "95")]
    [DataRow("It has nine\u00ADty rows.", "9", "ninety")]
    [DataRow("A half of them.", "0.5", "")]
    [DataRow("A fifth of them.", "0.2", "")]
    [DataRow("A fifth of them.", "5", "fifth")]
    [DataRow("Two thirds of them.", "2 3", "Two-thirds")]
    [DataRow("It rose tenfold.", "1", "tenfold")]
    [DataRow("It costs ½ of it.", "0.9", "½")]
    [DataRow("It has ٣ columns.", "4", "٣")]
    [DataRow("Level Ⅳ.", "3", "Ⅳ")]
    [DataRow("It has 𝟗𝟗 rows.", "3", "𝟗𝟗")]
    [DataRow("Version v2 of projects/p/generators/g7.", "projects/p/generators/g7", "v2")]
    [DataRow("Between 0.1–0.3.", "0.1 0.3", "")]
    [DataRow("It is -5.", "5", "-5")]
    [DataRow("Epsilon is 5.", "0.05", "5")]
    [DataRow("Epsilon is five.", "0.05", "five")]
    [DataRow("Epsilon is 93.", "0.9312", "93")]
    [DataRow("It is 0.5%.", "0.5", "0.5%")]
    [DataRow("It is 0.5 %.", "0.5", "0.5 %")]
    [DataRow("It is 50%.", "0.5", "")]
    [DataRow("It is 50 per cent.", "0.5", "")]
    [DataRow("It is five percent.", "0.05", "")]
    [DataRow("It is five percent.", "5", "five percent")]
    [DataRow("It is 5 percent.", "5", "5 percent")]
    [DataRow("It is 5%.", "5", "5%")]
    [DataRow("It is 5%.", "5 % of them", "")]
    [DataRow("It is 0.05.", "5 % of them", "")]
    [DataRow("It is 5.", "5 % of them", "5")]
    [DataRow("It is 500%.", "5 % of them", "500%")]
    [DataRow("It is 5\u066A.", "5", "5\u066A")]
    [DataRow("It is 5\u00A0%.", "5", "5\u00A0%")]
    [DataRow("It is 93\u201395%.", "0.93 0.95", "")]
    [DataRow("From 93 to 95 %.", "0.93 0.95", "")]
    [DataRow("Between 15 % and 25 %.", "20 % (15 to 25) of 40", "")]
    [DataRow("It is 40 %.", "20 % (15 to 25) of 40", "40 %")]
    [DataRow("There are 5. Percent are not told.", "5", "")]
    [DataRow("No numbers here, thirdly.", "", "")]
    [DataRow("It has n\u0456n\u0435ty rows.", "9", "ninety")]
    [DataRow("It has \u0455\u0456\u0445 rows.", "5", "six")]
    [DataRow("It has \uFF4Eine rows.", "8", "nine")]
    [DataRow("It has n\u00EDne rows.", "8", "nine")]
    [DataRow("It has ni\u0301ne rows.", "8", "nine")]
    [DataRow("It has \U0001D427ine rows.", "8", "nine")]
    [DataRow("It has n\u0269ne rows.", "9", "n\u0269ne")]
    [DataRow("It has \u24DDine rows.", "8", "nine")]
    [DataRow("It has \uFF19\uFF15 rows.", "95", "")]
    [DataRow("It has \uFF19\uFF15 rows.", "94", "95")]
    [DataRow("It is 5 \u0440\u0435rcent.", "5", "5 percent")]
    [DataRow("It is 5\u2030.", "5", "5\u2030")]
    [DataRow("It is 5 \u2030.", "5", "5-\u2030")]
    [DataRow("It is \u22125.", "5", "-5")]
    [DataRow("It is \u22125.", "-5", "")]
    [DataRow("It is 1\u00B75.", "1 5", "1.5")]
    [DataRow("It is 1\u066B5.", "1.5", "")]
    [DataRow("Twenty\u2011one rows.", "20", "Twenty-one")]
    [DataRow("Die Zahl der Schl\u00FCssel \u0434\u043E\u043C\u0430.", "", "")]
    [DataRow("\u0422\u0438\u043F \u0438 \u0434\u043E\u043B\u044F \u0431\u0435\u0437 \u043D\u0438\u0445.", "", "")]
    [DataRow("T\u1EA1o v\u00E0 t\u1ED3n t\u1EA1i.", "", "")]
    [DataRow("\u4F7F\u7528 t\u68C0\u9A8C\u3002", "", "")]
    [DataRow("\u5171\u6709 5 \u884C\uFF0C3 \u5217\u3002", "5 3", "")]
    [DataRow("\u884C\u6570\uFF1A5", "5", "")]
    [DataRow("It is 1\uFF0C5.", "1 5", "1,5")]
    [DataRow("It has \u0493\u0456\u0475\u0435 rows.", "8", "five")]
    public void Numbers_stand_where_they_are_written_or_round_to(string text, string source, string unsupported) =>
        Assert.AreEqual(unsupported, string.Join(" ", NumberCheck.Unsupported(text, [source])));

    [TestMethod]
    [DataRow("The model keeps epsilon at 1.5.", "F1", null)]
    [DataRow("The model keeps epsilon at 1.5.", "F2", "numbers that its facts have not: 1.5")]
    [DataRow("The model keeps epsilon low.", "", "names no fact")]
    [DataRow("The model keeps epsilon low.", "F9", "F9, which is no fact")]
    [DataRow("It is HIPAA-compliant.", "F1", "a verdict")]
    [DataRow("The rows are anonymous.", "F1", "a verdict")]
    [DataRow("It was made in full HIPAA compliance.", "F1", "a verdict")]
    [DataRow("Use of the rows complied with the law.", "F1", "a verdict")]
    [DataRow("The project satisfies all requirements of the GDPR.", "F1", "a verdict")]
    [DataRow("What GDPR Art. nothing else asks is fulfilled here.", "F1", "a verdict")]
    [DataRow("It meets the CCPA.", "F1", "a verdict")]
    [DataRow("HIPAA's conditions are met.", "F1", "a verdict")]
    [DataRow("The rows adhere to the Privacy Rule.", "F1", "a verdict")]
    [DataRow("It conforms to SOC 2.", "F5", "a verdict")]
    [DataRow("The people cannot be re-identified.", "F1", "a verdict")]
    [DataRow("The people cannot be reidentified.", "F1", "a verdict")]
    [DataRow("The rows are de-identified.", "F1", "a verdict")]
    [DataRow("The rows are fully De\u2011identified.", "F1", "a verdict")]
    [DataRow("People are no longer identifiable.", "F1", "a verdict")]
    [DataRow("It anonymises people.", "F1", "a verdict")]
    [DataRow("The rows do not contain any personal data.", "F1", "a verdict")]
    [DataRow("The rows are free of personal information.", "F1", "a verdict")]
    [DataRow("The GDPR does not apply to the rows.", "F1", "a verdict")]
    [DataRow("The rows are outside the scope of the GDPR.", "F1", "a verdict")]
    [DataRow("They are no longer subject to HIPAA.", "F1", "a verdict")]
    [DataRow("The rows are exempt from the CCPA.", "F1", "a verdict")]
    [DataRow("No row can be traced to a person.", "F1", "a verdict")]
    [DataRow("The rows are safe to publish.", "F1", "a verdict")]
    [DataRow("Columns with personal data were found.", "F1", null)]
    [DataRow("Of SOC 2, this is asked: Making de-identified information.", "F5", null)]
    [DataRow("Personally identifiable columns were found.", "F1", null)]
    [DataRow("The rows meet the bounds of the schema.", "F1", null)]
    [DataRow("The satisfaction of customers is a column.", "F1", null)]
    [DataRow("It guarantees differential privacy.", "F1", "guarantee without the fact")]
    [DataRow("It guarantees differential privacy.", "F3", null)]
    [DataRow("It guarantees differential privacy.", "F4", "guarantee without the fact")]
    [DataRow("There is no guarantee of differential privacy.", "F4", null)]
    [DataRow("It does not guarantee privacy.", "F1", "guarantee without the fact")]
    [DataRow("The rows are an\u043Enym\u043Eus.", "F1", "a verdict")]
    [DataRow("The rows are \uFF41nonymous.", "F1", "a verdict")]
    [DataRow("The rows are \U0001D41Anonymous.", "F1", "a verdict")]
    [DataRow("The rows are an\u00F3nymous.", "F1", "a verdict")]
    [DataRow("The rows are anony\u0301mous.", "F1", "a verdict")]
    [DataRow("It m\u0435\u0435ts the \u041D\u0406\u0420\u0410\u0410.", "F1", "a verdict")]
    [DataRow("It gu\u0430rantees differential privacy.", "F1", "guarantee without the fact")]
    [DataRow("The rows are \u24D2ompliant.", "F1", "a verdict")]
    [DataRow("The rows are \uABAFompliant.", "F1", "letters of another script that its facts have not: \uABAFompliant")]
    [DataRow("The rows are \u217Dompliant.", "F1", "letters of another script")]
    [DataRow("The rows are co\u217Fpliant.", "F6", "letters of another script")]
    [DataRow("It tells of R\u00E9nyi's \u03B4 and \u03B5.", "F1", null)]
    [DataRow("The column is \u0438\u043C\u044F.", "F6", null)]
    [DataRow("The column is \u0438\u043C\u044F.", "F1", "letters of another script")]
    [DataRow("\u0418\u043C\u044F is the column.", "F6", null)]
    [DataRow("Coloana \u021Bar\u0103 \u0219i d\u1EEF li\u1EC7u.", "F1", null)]
    [DataRow("The rows are an\u1ED3nymous.", "F1", "a verdict")]
    [DataRow("The column is c\u043Empliant.", "F7", "a verdict")]
    [DataRow("", "F1", "is empty")]
    public void A_sentence_stands_on_the_facts_that_it_names(string text, string fact, string? fault)
    {
        var facts = new FactSheet();
        facts.Add("privacy.epsilon", "1.5", "g");
        facts.Add("model.rows", "100", "g");
        facts.Add("privacy.guaranteed", "true", "g");
        facts.Add("privacy.guaranteed", "false", "other");
        facts.Add("standing", "Making de-identified information", "pack", "SOC 2");
        facts.Add("column", "\u0438\u043C\u044F", "d");
        facts.Add("column", "c\u043Empliant", "d");

        var found = SentenceCheck.FindFault(new DraftSentence(text, fact.Length > 0 ? [fact] : []), facts);

        if (fault is null) Assert.IsNull(found);
        else Assert.Contains(fault, found!);
    }

    [TestMethod]
    [DataRow("Of GDPR Art. 5(1)(e), 3 questions are open.", null)]
    [DataRow("GDPR Art. 5(1)(e): supported in part.", null)]
    [DataRow("SOC 2, GDPR Art. 5: what is missing.", null)]
    [DataRow("SOC 2.", null)]
    [DataRow("There are 5 owners, see GDPR Art. 5(1)(e).", "5")]
    [DataRow("There are 2 owners.", "2")]
    [DataRow("GDPR Art. 5(1)(f) bears on it.", "5, 1")]
    [DataRow("GDPR Art. 5(2) bears on it.", "5, 2")]
    [DataRow("GDPR Art. 55 bears on it.", "55")]
    [DataRow("GDPR Art. 5.1 bears on it.", "5.1")]
    [DataRow("XGDPR Art. 5 bears on it.", "5")]
    public void Places_of_laws_are_cited_to_the_letter_and_their_numbers_stand_for_nothing_else(string text, string? invented)
    {
        var facts = new FactSheet();
        facts.Add("standing", "Kept no longer than needed: partly, 3 questions", "projects/p/evidencePacks/e", "GDPR Art. 5(1)(e)", "GDPR Art. 5", "SOC 2");

        var fault = SentenceCheck.FindFault(new DraftSentence(text, ["F1"]), facts);

        Assert.AreEqual(invented is null ? null : $"has numbers that its facts have not: {invented}", fault);
    }

    [TestMethod]
    [DataRow("What it is", "What it is")]
    [DataRow("GDPR: what is stored", "GDPR: what is stored")]
    [DataRow("Full GDPR compliance", "")]
    [DataRow("GDPR: requirements met", "")]
    [DataRow("Fully compliant with GDPR", "")]
    [DataRow("The 3 best figures", "")]
    [DataRow("Full GDPR c\u043Empliance", "")]
    [DataRow("Full GDPR \uABAFompliance", "")]
    public void A_heading_has_no_numbers_and_no_verdicts(string text, string heading) => Assert.AreEqual(heading, SentenceCheck.Heading(text));

    [TestMethod]
    public void Ids_of_facts_are_no_part_of_a_sentence() =>
        Assert.AreEqual("It has 100 rows.", SentenceCheck.Clean(new DraftSentence("It has 100 rows [F1, F2].", [])).Text);

    [TestMethod]
    public void Words_are_judged_as_they_are_read()
    {
        Assert.AreEqual("The rows are anonymous.", SentenceCheck.Clean(new DraftSentence("The rows are anon\u00ADy\u200Bmo\U000E0020us.", [])).Text);
        Assert.AreEqual("", SentenceCheck.Heading("Full GDPR comp\u2060liance"));
    }
}
