namespace SynthStudio.Tabular.Tests.Reading;

/// <summary>Which columns are keys, whose values are made anew: a few slips, a missing cell or repeats make none of them a quantity or a category.</summary>
[TestClass]
public sealed class KeyInferenceTests : FileTest
{
    private const int Rows = 1_000;

    [TestMethod]
    [DataRow("customer_id", DisplayName = "Scattered numbers that are named like a key")]
    [DataRow("customerid")]
    [DataRow("Kundennummer")]
    public void A_key_of_numbers_with_a_duplicate_and_an_empty_cell_is_a_key(string name)
    {
        var keys = Scattered(Rows).ToArray();
        (keys[7], keys[9]) = (keys[8], "");
        Assert.AreEqual(ColumnKind.Identifier, Infer(name, keys));
    }

    [TestMethod]
    public void Numbers_of_rows_with_a_duplicate_and_an_empty_cell_are_a_key()
    {
        var keys = Enumerable.Range(1, Rows).Select(i => $"{i}").ToArray();
        (keys[7], keys[9]) = (keys[8], "");
        Assert.AreEqual(ColumnKind.Identifier, Infer("n", keys));
    }

    [TestMethod]
    [DataRow("year", 1960)]
    [DataRow("fiscalYear", 1960)]
    [DataRow("age", 18)]
    [DataRow("rank", 1)]
    public void Years_ages_and_ranks_of_rows_that_are_sorted_by_them_are_numbers(string name, int first) =>
        Assert.AreEqual(ColumnKind.Integer, Infer(name, Enumerable.Range(first, 60).Select(i => $"{i}")));

    [TestMethod]
    public void Keys_that_went_through_floating_point_are_keys() =>
        Assert.AreEqual(ColumnKind.Identifier, Infer("customer_id", Scattered(Rows).Select((key, i) => i == 5 ? "" : $"{key}.0")));

    [TestMethod]
    [DataRow("customer_id", "{0}", 10)]
    [DataRow("customer_id", "CUST-{0:00000}", 10)]
    [DataRow("customer_id", "CUST-{0:00000}", 18)]
    [DataRow("UserId", "{0}", 18)]
    [DataRow("account number", "00{0:00000}", 10)]
    [DataRow("order_id", "{0}", 4)]
    [DataRow("session_key", "s{0:00000}", 4)]
    public void Keys_that_repeat_are_keys(string name, string pattern, int rowsOfEach) => Assert.AreEqual(
        ColumnKind.Identifier,
        Infer(name, Enumerable.Range(0, Rows).Select(i => string.Format(
            System.Globalization.CultureInfo.InvariantCulture, pattern, 10_000 + (i / rowsOfEach * 37)))));

    [TestMethod]
    [DataRow("zip_code", 10)]
    [DataRow("product_id", 10)]
    [DataRow("PULocationID", 10)]
    [DataRow("store id", 10)]
    [DataRow("price_index", 10)]
    [DataRow("amount", 10)]
    [DataRow("machine_id", 50, DisplayName = "Machines with many rows each")]
    [DataRow("customer_id", 100, DisplayName = "Ten customers")]
    public void Codes_and_quantities_are_no_keys(string name, int rowsOfEach)
    {
        Assert.AreEqual(ColumnKind.Integer, Infer(name, Enumerable.Range(0, Rows).Select(i => $"{10_000 + (i / rowsOfEach * 37)}")));
        Assert.AreEqual(ColumnKind.Categorical, Infer(name, Enumerable.Range(0, Rows).Select(i => $"P{10_000 + (i / rowsOfEach * 37)}")));
    }

    [TestMethod]
    public void Quantities_that_are_mostly_distinct_stay_numbers() => Assert.AreEqual(ColumnKind.Integer, Infer("income", Scattered(Rows)));

    [TestMethod]
    [DataRow("invoice_no")]
    [DataRow("policyNumber")]
    [DataRow("Rechnungsnummer")]
    [DataRow("Bestellnr")]
    [DataRow("order_num")]
    [DataRow("booking_ref")]
    [DataRow("barcode")]
    [DataRow("code")]
    public void Distinct_numbers_of_things_are_keys(string name)
    {
        var keys = Scattered(Rows).ToArray();
        (keys[7], keys[9]) = (keys[8], "");
        Assert.AreEqual(ColumnKind.Identifier, Infer(name, keys));
    }

    [TestMethod]
    [DataRow("number")]
    [DataRow("number_of_rooms")]
    [DataRow("page_number")]
    [DataRow("week_no")]
    [DataRow("total_number")]
    [DataRow("fnlwgt")]
    [DataRow("casino")]
    [DataRow("datum")]
    [DataRow("birth_number", DisplayName = "Personal data by its name is no key")]
    [DataRow("zip_code", DisplayName = "Nor are places")]
    public void Distinct_quantities_with_such_words_stay_numbers(string name) => Assert.AreEqual(ColumnKind.Integer, Infer(name, Scattered(Rows)));

    [TestMethod]
    [DataRow("status_code")]
    [DataRow("invoice_no")]
    [DataRow("education_num")]
    public void Numbers_that_repeat_stay_numbers_where_the_name_is_no_keys(string name) =>
        Assert.AreEqual(ColumnKind.Integer, Infer(name, Enumerable.Range(0, Rows).Select(i => $"{100 + (i * 7 % 90)}")));

    private static IEnumerable<string> Scattered(int rows) => Enumerable.Range(1, rows).Select(i => $"{10_000 + (i * 977L % 100_003)}");

    private ColumnKind Infer(string name, IEnumerable<string> values) =>
        Read($"{name},x\n{string.Join("\n", values.Select(value => value + ",a"))}\n").Schema.Columns[0].Kind;
}
