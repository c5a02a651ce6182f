using System.Globalization;

namespace SynthStudio.Tabular.Tests.Schema;

/// <summary>What identifies people is invented, whether it is spelled as a number, repeats, or only its values tell what it is.</summary>
[TestClass]
public sealed class PersonalClassTests : FileTest
{
    private static readonly string[] Given =
        ["Mary", "James", "Linda", "Robert", "Susan", "Michael", "Karen", "David", "Nancy", "Thomas", "Laura", "Daniel"];

    private static readonly string[] Family =
        ["Smith", "Johnson", "Williams", "Brown", "Jones", "Miller", "Davis", "Wilson", "Anderson", "Taylor", "Moore", "Martin"];

    [TestMethod]
    public void Card_numbers_of_plain_digits_are_cards_whatever_they_are_called()
    {
        var column = Infer("ref", Enumerable.Range(0, 200).Select(i => Card(i % 50)));
        Assert.AreEqual((ColumnKind.Text, ValueClass.PaymentCard), (column.Kind, column.Class));
    }

    [TestMethod]
    public void Long_numbers_without_check_digits_are_no_cards()
    {
        var column = Infer("amount", Enumerable.Range(0, 200).Select(i => $"{4_000_000_000_000_000 + (i * 7_919_000_017L)}"));
        Assert.AreEqual((ColumnKind.Integer, null), (column.Kind, column.Class));
    }

    [TestMethod]
    [DataRow("phone", "6601{0:000000}", ValueClass.Phone)]
    [DataRow("mobile_number", "6601{0:000000}", ValueClass.Phone)]
    [DataRow("ssn", "21905{0:0000}", ValueClass.SocialSecurityNumber)]
    public void Numbers_of_persons_of_plain_digits_are_invented_where_their_name_says_so(string name, string pattern, ValueClass expected)
    {
        var column = Infer(name, Enumerable.Range(0, 300).Select(i => string.Format(CultureInfo.InvariantCulture, pattern, 7 * (i / 3))));
        Assert.AreEqual((ColumnKind.Text, expected), (column.Kind, column.Class));
    }

    [TestMethod]
    public void Passport_numbers_of_plain_digits_are_keys() =>
        Assert.AreEqual(ColumnKind.Identifier, Infer("passport", Enumerable.Range(0, 300).Select(i => $"{7_000_000 + (13 * (i / 3))}")).Kind);

    [TestMethod]
    [DataRow("phone_calls", "{0}")]
    [DataRow("credit_card_debt", "1{0}00")]
    [DataRow("fax", "1{0}")]
    public void Quantities_beside_such_words_stay_numbers(string name, string pattern)
    {
        var column = Infer(name, Enumerable.Range(0, 300).Select(i => string.Format(CultureInfo.InvariantCulture, pattern, i / 3)));
        Assert.AreEqual((ColumnKind.Integer, null), (column.Kind, column.Class));
    }

    [TestMethod]
    public void Telephones_that_repeat_in_a_spelling_of_their_own_are_invented()
    {
        var column = Infer("phone", Enumerable.Range(0, 400).Select(i => $"0660 55 {i / 4:0000}"));
        Assert.AreEqual((ColumnKind.Text, ValueClass.Phone), (column.Kind, column.Class));
    }

    [TestMethod]
    [DataRow("name")]
    [DataRow("driver")]
    [DataRow("doctor")]
    [DataRow("c7")]
    public void Names_of_persons_are_told_by_the_values(string name)
    {
        var full = Infer(name, Enumerable.Range(0, 600).Select(i => $"{Given[i % 12]} {Family[i / 12 % 12]}"));
        Assert.AreEqual((ColumnKind.Text, ValueClass.FullName), (full.Kind, full.Class));
    }

    [TestMethod]
    [DataRow("name")]
    [DataRow("agent")]
    public void What_is_only_called_a_name_is_learned(string name)
    {
        string[] first = ["Deep", "Wide", "Tall", "Round", "Flat", "Thin"], second = ["bowl", "plate", "spoon", "glass", "pan", "kettle", "tray"];
        var column = Infer(name, Enumerable.Range(0, 420).Select(i => $"{first[i % 6]} {second[i / 6 % 7]}"));
        Assert.AreEqual((ColumnKind.Categorical, null), (column.Kind, column.Class));
    }

    [TestMethod]
    [DataRow("first_name", "Mary,James,Xqz", ValueClass.FirstName)]
    [DataRow("surname", "Okonjo,Brzek", ValueClass.LastName)]
    [DataRow("doctor_name", "Dr. Okonjo,Dr. Brzek", ValueClass.FullName)]
    [DataRow("customerName", "Mary Smith,James Johnson", ValueClass.FullName)]
    [DataRow("customer", "Mary Smith,James Johnson,Linda Williams", ValueClass.FullName)]
    [DataRow("treating_doctor", "Mary Smith", ValueClass.FullName)]
    [DataRow("nurse", "Mary,Linda,Susan,Karen", ValueClass.FirstName)]
    [DataRow("c7", "Mary Smith,James Johnson,Linda Williams,Robert Wilson", ValueClass.FullName)]
    [DataRow("assigned", "Mary,James,Linda,Robert,Susan,Michael,Karen,David,Nancy", ValueClass.FirstName)]
    [DataRow("phone", "0660 55 1234,0660 55 2345,0660 55 3456", ValueClass.Phone)]
    [DataRow("phone", "66012345,66023456,66034567", ValueClass.Phone)]
    [DataRow("contact", "anna@example.org,peter@example.org", ValueClass.Email)]
    public void A_few_persons_are_persons_as_well(string name, string values, ValueClass expected)
    {
        var column = Few(name, values);
        Assert.AreEqual((ColumnKind.Text, expected), (column.Kind, column.Class));
    }

    [TestMethod]
    public void A_few_cards_and_passports_are_invented()
    {
        var cards = Infer("card_number", Enumerable.Range(0, 200).Select(i => Card(i % 5)));
        Assert.AreEqual((ColumnKind.Text, ValueClass.PaymentCard), (cards.Kind, cards.Class));
        Assert.AreEqual(ColumnKind.Identifier, Infer("passport", Enumerable.Range(0, 200).Select(i => $"{7_000_000 + (13 * (i % 5))}")).Kind);
    }

    [TestMethod]
    [DataRow("marital_status", "Divorced,Never-married,Separated,Widowed")]
    [DataRow("occupation", "Sales,Tech-support,Craft-repair,Priv-house-serv")]
    [DataRow("race", "White,Black,Other")]
    [DataRow("brand", "Ford,Lincoln,Austin,Mercedes")]
    [DataRow("gem", "Ruby,Amber,Jade")]
    [DataRow("month", "April,May,June")]
    [DataRow("customer", "new,returning,lost")]
    [DataRow("contact", "cellular,telephone,unknown")]
    [DataRow("player", "White,Black")]
    [DataRow("patient_status", "Mary Smith,James Johnson,Linda Williams")]
    [DataRow("host_name", "web,mail,print")]
    [DataRow("street", "High Street,Low Street")]
    [DataRow("company", "Acme,Initech,Hooli")]
    public void A_few_categories_stay_what_they_are(string name, string values)
    {
        var column = Few(name, values);
        Assert.AreEqual((ColumnKind.Categorical, null), (column.Kind, column.Class));
    }

    [TestMethod]
    public void Addresses_are_told_by_the_values()
    {
        var column = Infer("place", Enumerable.Range(0, 300).Select(i => $"{1 + (i / 3)} Maple Street"));
        Assert.AreEqual((ColumnKind.Text, ValueClass.Address), (column.Kind, column.Class));
    }

    [TestMethod]
    [DataRow(4, false)]
    [DataRow(5, true)]
    public void A_twentieth_of_objects_is_refused_without_telling_how_many_there_are(int ofHundred, bool refused)
    {
        var lines = Lines(Enumerable.Range(0, 100).Select(i => i < ofHundred ? $"[{i}]" : $"word{i % 9}"));
        if (!refused) Assert.AreEqual(ColumnKind.Categorical, Read(lines).Schema.Columns[0].Kind);
        else Assert.IsFalse(Refused(TableError.NestedValue, () => Read(lines)).Message.Any(char.IsDigit), "Also who may not see real rows reads why a table was refused.");
    }

    /// <summary>Sixteen digits whose last one is Luhn's.</summary>
    private static string Card(int number)
    {
        var digits = $"4{number * 7_919L:00000000000000}";
        var sum = digits.Reverse().Select((c, i) => i % 2 == 1 ? c - '0' : ((c - '0') * 2 / 10) + ((c - '0') * 2 % 10)).Sum();
        return $"{digits}{(10 - (sum % 10)) % 10}";
    }

    /// <summary>Each of the values in some of two hundred rows.</summary>
    private ColumnSchema Few(string name, string values)
    {
        var each = values.Split(',');
        return Infer(name, Enumerable.Range(0, 200).Select(i => each[i % each.Length]));
    }

    private ColumnSchema Infer(string name, IEnumerable<string> values) => Read($"{name}\n{string.Join("\n", values)}\n").Schema.Columns[0];
}
