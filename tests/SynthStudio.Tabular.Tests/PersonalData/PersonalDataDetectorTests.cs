using System.Globalization;
using System.Text;
using Bogus;

namespace SynthStudio.Tabular.Tests.PersonalData;

[TestClass]
public sealed class PersonalDataDetectorTests
{
    [TestMethod]
    [DataRow("en")]
    [DataRow("de")]
    [DataRow("fr")]
    [DataRow("es")]
    [DataRow("pl")]
    [DataRow("pt_BR")]
    [DataRow("nl")]
    public void FindsPersonsByValuesAlone(string locale)
    {
        var faker = new Faker(locale) { Random = new Randomizer(5) };
        Assert.AreEqual(PersonalDataKind.PersonName, Only("x1", 400, _ => faker.Name.FirstName()).Kind, "given names");
        Assert.AreEqual(PersonalDataKind.PersonName, Only("x2", 400, _ => $"{faker.Name.FirstName()} {faker.Name.LastName()}").Kind, "full names");
        Assert.AreEqual(PersonalDataKind.Email, Only("x3", 100, _ => faker.Internet.Email()).Kind);
        Assert.AreEqual(PersonalDataKind.MacAddress, Only("x4", 100, _ => faker.Internet.Mac()).Kind);
        Assert.AreEqual(PersonalDataKind.IpAddress, Only("x5", 100, _ => faker.Internet.Ip()).Kind);
        Assert.AreEqual(PersonalDataKind.Url, Only("x6", 100, _ => faker.Internet.Url()).Kind);
        Assert.AreEqual(PersonalDataKind.Iban, Only("x7", 100, _ => faker.Finance.Iban()).Kind);
        Assert.AreEqual(PersonalDataKind.PaymentCard, Only("x8", 100, _ => faker.Finance.CreditCardNumber(Bogus.DataSets.CardType.Visa)).Kind);
    }

    [TestMethod]
    [DataRow("en")]
    [DataRow("de")]
    [DataRow("it")]
    [DataRow("nl")]
    public void FindsStreetAddresses(string locale)
    {
        var faker = new Faker(locale) { Random = new Randomizer(6) };
        var number = 0;
        var text = locale switch
        {
            "en" => (Func<string>)(() => $"{++number} {faker.Name.LastName()} Street"),
            "de" => () => $"{faker.Name.LastName()}straße {++number}a",
            "it" => () => $"Via {faker.Name.LastName()}, {++number}",
            _ => () => $"{faker.Name.LastName()}straat {++number}",
        };
        Assert.AreEqual(PersonalDataKind.Address, Only("x", 60, _ => text()).Kind);
    }

    /// <summary>Whole numbers, codes, times and measures: the columns of tables without any person in them.</summary>
    [TestMethod]
    public void RaisesNoFalseAlarmOnNumbersAndCodes()
    {
        var random = new Random(3);
        (string Column, Func<int, string> Cell)[] columns =
        [
            ("id", i => $"{1000 + i}"), ("amount", _ => $"{random.Next(1, 100_000)}"), ("sku", _ => $"{random.NextInt64(1_000_000_000_000_000, 9_999_999_999_999_999)}"),
            ("code9", _ => $"{random.Next(100_000_000, 999_999_999)}"), ("code10", _ => $"{random.NextInt64(1_000_000_000, 9_999_999_999)}"),
            ("code11", _ => $"{random.NextInt64(10_000_000_000, 99_999_999_999)}"), ("sequence9", i => $"{500_000_000 + i}"),
            ("epoch", i => $"{1_700_000_000 + (i * 61)}"), ("time", i => $"{i % 24:D2}:{i % 60:D2}:00"), ("day", i => $"2024-{1 + (i % 12):D2}-{1 + (i % 28):D2}"),
            ("price", _ => (random.NextDouble() * 1000).ToString("F2", CultureInfo.InvariantCulture)), ("version", i => $"{i % 4}.{i % 10}.{i % 7}"),
            ("plan", i => i % 3 == 0 ? "prepaid" : "contract"), ("latitude", _ => (random.NextDouble() * 90).ToString("F6", CultureInfo.InvariantCulture)),
            ("part", i => $"AB-{i:D5}"), ("phone", i => i % 2 == 0 ? "yes" : "no"), ("email", i => i % 3 == 0 ? "opt-in" : $"opt-out-{i % 5}"),
            ("street_lights", i => $"{i % 9}"), ("ward", i => $"Ward {i % 30}"), ("uuid", i => $"{i:x8}-0000-4000-8000-{i * 7:x12}"),
        ];
        foreach (var (column, cell) in columns)
        {
            var findings = Find(column, 2000, cell);
            Assert.IsEmpty(findings, $"{column}: {string.Join(", ", findings.Select(f => $"{f.Kind} {f.Form} {f.Confidence}"))}");
        }
    }

    [TestMethod]
    public void PlacesThatAreNamesOfPersonsAreNoPersons()
    {
        string[] towns = ["Jordan", "Florence", "Madison", "Charlotte", "Victoria", "Lincoln", "Austin", "Jackson", "Georgia", "Adelaide", "Santiago", "Paris", "London"];
        Assert.IsEmpty(Find("city", towns.Length, i => towns[i]));
    }

    [TestMethod]
    public void TellsANumberOfAStateByItsCheckDigits()
    {
        // German tax numbers as bare digits: every one passes a check that other numbers pass once in ten.
        var random = new Random(11);
        var finding = Only("number", 60, _ => GermanTaxNumber(random));
        Assert.AreEqual((PersonalDataKind.NationalId, "DE tax identification number", false), (finding.Kind, finding.Form, finding.ByName));
        Assert.IsEmpty(Find("number", 10, _ => GermanTaxNumber(random)), "Of ten numbers, chance is not ruled out.");
        Assert.IsGreaterThan(finding.Confidence, Only("steuer_id", 60, _ => GermanTaxNumber(random)).Confidence);
    }

    [TestMethod]
    public void FindsWhatRemarksHold()
    {
        string[] remarks =
        [
            "please write to anna.huber@example.org tomorrow", "called back from +43 660 1234567, nobody there", "pays by 4111 1111 1111 1111 as before",
            "account is DE89 3704 0044 0532 0130 00 now", "spoke with Anna Huber about the invoice", "patient born 12.03.1980, second visit",
            "logged in from 192.168.1.20 twice", "nothing to say about this one",
        ];
        var findings = Find("remark", remarks.Length, i => remarks[i]);
        PersonalDataKind[] expected =
        [
            PersonalDataKind.Email, PersonalDataKind.Phone, PersonalDataKind.PaymentCard, PersonalDataKind.Iban, PersonalDataKind.PersonName,
            PersonalDataKind.BirthDate, PersonalDataKind.IpAddress,
        ];
        CollectionAssert.AreEquivalent(
            expected.Except([PersonalDataKind.Phone, PersonalDataKind.PersonName, PersonalDataKind.BirthDate]).ToArray(),
            findings.Select(f => f.Kind).ToArray(), "One match of a weak kind is no proof.");
        Assert.IsTrue(findings.All(f => f.InText));
        CollectionAssert.AreEquivalent(expected, Find("remark", 4 * remarks.Length, i => $"{remarks[i % remarks.Length]} ({i})").Select(f => f.Kind).ToArray());
    }

    [TestMethod]
    public void FindsMailboxesHoweverFewStandAmongOtherThings()
    {
        var finding = Only("contact", 1000, i => i % 100 == 7 ? $"person{i}@example.org" : $"desk-{i}");
        Assert.IsTrue(finding is { Kind: PersonalDataKind.Email, InText: false, Share: 0.01, Confidence: > 0.85 });
        Assert.AreEqual(Sensitivity.DirectIdentifier, SensitivityProposal.Of("contact", ColumnKind.Categorical, [finding]));
    }

    [TestMethod]
    [DataRow("Prénom", PersonalDataKind.PersonName)]
    [DataRow("Straße", PersonalDataKind.Address)]
    [DataRow("teléfono", PersonalDataKind.Phone)]
    [DataRow("code_postal", PersonalDataKind.PostalCode)]
    [DataRow("dataNascita", PersonalDataKind.BirthDate)]
    [DataRow("Geburtsdatum", PersonalDataKind.BirthDate)]
    [DataRow("codice_fiscale", PersonalDataKind.NationalId)]
    [DataRow("Personnummer", PersonalDataKind.NationalId)]
    public void KnowsNamesInSeveralLanguages(string column, PersonalDataKind kind) => Assert.AreEqual(kind, PersonalDataNames.Recognise(column));

    [TestMethod]
    public void SaysWhyWithoutAnyValue()
    {
        var faker = new Faker { Random = new Randomizer(9) };
        var mails = Enumerable.Range(0, 50).Select(_ => faker.Internet.Email()).ToArray();
        var finding = Only("customer_email", 50, i => mails[i]);
        Assert.HasCount(2, finding.Reasons);
        Assert.IsTrue(finding is { ByName: true, InText: false, Share: 1, Confidence: > 0.98 });
        Assert.IsFalse(mails.Any(m => string.Join(" ", finding.Reasons).Contains(m, StringComparison.OrdinalIgnoreCase)));
    }

    private static string GermanTaxNumber(Random random)
    {
        while (true)
        {
            var text = random.NextInt64(10_000_000_000, 99_999_999_999).ToString(CultureInfo.InvariantCulture);
            var found = new List<int>();
            NationalIds.Recognise(text, found);
            if (found.Any(i => NationalIds.Forms[i].Name.StartsWith("DE", StringComparison.Ordinal))) return text;
        }
    }

    private static PersonalDataFinding Only(string column, int rows, Func<int, string> cell)
    {
        var findings = Find(column, rows, cell);
        Assert.HasCount(1, findings, $"{column}: {string.Join(", ", findings.Select(f => $"{f.Kind} {f.Form} {f.Confidence}"))}");
        return findings[0];
    }

    private static IReadOnlyList<PersonalDataFinding> Find(string column, int rows, Func<int, string> cell)
    {
        var detector = new PersonalDataDetector(column);
        foreach (var group in Enumerable.Range(0, rows).Select(cell).GroupBy(text => text)) detector.Add(Encoding.UTF8.GetBytes(group.Key), group.Count());
        return detector.Findings();
    }
}
