using System.Text.RegularExpressions;
using SynthStudio.Tabular;

namespace SynthStudio.Mock.Tests;

[TestClass]
public sealed class FakeValuesTests
{
    [TestMethod]
    [DataRow("en")]
    [DataRow("de")]
    [DataRow("ru")]
    public void Everything_in_a_row_belongs_to_one_person(string locale)
    {
        var fakes = new FakeValues(locale, 5);
        for (var row = 0; row < 500; row++)
        {
            Assert.AreEqual($"{fakes.Text(ValueClass.FirstName, row)} {fakes.Text(ValueClass.LastName, row)}", fakes.Text(ValueClass.FullName, row));
            Assert.StartsWith(fakes.Text(ValueClass.UserName, row) + "@", fakes.Text(ValueClass.Email, row));
            StringAssert.EndsWith(fakes.Text(ValueClass.Address, row), $"{fakes.Text(ValueClass.PostalCode, row)} {fakes.Text(ValueClass.City, row)}");
        }
    }

    [TestMethod]
    public void The_mailbox_is_made_of_the_name()
    {
        var fakes = new FakeValues("de", 5);
        for (var row = 0; row < 200; row++)
        {
            var first = fakes.Text(ValueClass.FirstName, row).ToLowerInvariant();
            if (first.All(char.IsAsciiLetter)) Assert.StartsWith(first + ".", fakes.Text(ValueClass.Email, row));
        }
    }

    [TestMethod]
    public void Check_digits_and_shapes_are_valid()
    {
        var fakes = new FakeValues("en", 5);
        for (var row = 0; row < 1000; row++)
        {
            Assert.IsTrue(Luhn(fakes.Text(ValueClass.PaymentCard, row)));
            Assert.AreEqual(1, Remainder(fakes.Text(ValueClass.Iban, row)));
            Assert.IsTrue(Guid.TryParse(fakes.Text(ValueClass.Uuid, row), out var uuid) && uuid.Version == 4);
            Assert.IsTrue(System.Net.IPAddress.TryParse(fakes.Text(ValueClass.IpAddress, row), out _));
            Assert.MatchesRegex(new Regex(@"^[a-z0-9.]+@[a-z0-9.-]+\.[a-z]+$"), fakes.Text(ValueClass.Email, row));
            Assert.MatchesRegex(new Regex(@"^(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}$"), fakes.Text(ValueClass.SocialSecurityNumber, row));
        }
    }

    [TestMethod]
    public void Every_class_has_values_in_every_locale()
    {
        foreach (var locale in FakeValues.Locales)
        {
            foreach (var about in Enum.GetValues<ValueClass>()) Assert.IsGreaterThan(0, new FakeValues(locale, 1).Text(about, 3).Length, $"{about} {locale}");
        }
    }

    [TestMethod]
    [DataRow(@"[A-Z]{2}-\d{4}")]
    [DataRow(@"^(AB|CD(E|F)?)[^a-z\d]{1,3}\.x+$")]
    [DataRow(@"\w{5,8}( \w+)*")]
    [DataRow(@"(?:[0-9a-f]{8}|[]x-z-]{2})\$")]
    public void Texts_match_the_pattern_they_are_made_by(string pattern)
    {
        var matching = new Regex("^(?:" + pattern.TrimStart('^') + ")$");
        var made = TextPattern.Parse(pattern);
        var texts = Enumerable.Range(0, 500).Select(row => made.Make(new CellRandom(1, 2, row))).ToList();
        foreach (var text in texts) Assert.MatchesRegex(matching, text);
        Assert.IsGreaterThan(100, texts.Distinct().Count());
    }

    [TestMethod]
    [DataRow("(a", "not closed")]
    [DataRow("a)", "closes nothing")]
    [DataRow("*a", "nothing before")]
    [DataRow("a{5,2}", "backwards")]
    [DataRow("[z-a]", "backwards")]
    [DataRow("(?=a)", "(?:")]
    [DataRow(@"\b", "not known")]
    [DataRow("((((a{100}){100}){100}){100})", "longer than")]
    public void What_no_text_can_be_made_by_is_refused(string pattern, string why) =>
        StringAssert.Contains(Assert.ThrowsExactly<MockSchemaException>(() => TextPattern.Parse(pattern)).Message, why);

    private static bool Luhn(string card) => card.Reverse().Select((c, i) => (c - '0') * (i % 2 + 1)).Sum(d => d > 9 ? d - 9 : d) % 10 == 0;

    private static int Remainder(string iban) =>
        string.Concat((iban[4..] + iban[..4]).Select(c => char.IsDigit(c) ? $"{c}" : $"{c - 'A' + 10}")).Aggregate(0, (rest, c) => ((rest * 10) + (c - '0')) % 97);
}
