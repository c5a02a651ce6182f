namespace SynthStudio.Tabular.Tests.Reading;

/// <summary>NA is Namibia among countries, and what a schema says everywhere.</summary>
[TestClass]
public sealed class MissingMarkerTests : FileTest
{
    private static readonly string[] Countries = ["DE", "AT", "FR", "IT", "ES", "GB", "US", "BR", "ZA", "KE", "JP", "IN"];

    private static readonly string[] States = ["AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA", "MA", "MD"];

    /// <summary>Each code several times, with a few other cells between.</summary>
    private static string Codes(IEnumerable<string> codes, params string[] others) =>
        Lines([.. codes.SelectMany(code => Enumerable.Repeat(code, 5)), .. others]);

    private static int Missing(Column column) => Enumerable.Range(0, column.Count).Count(column.IsMissing);

    private static SchemaFile Declared(string column) => SchemaFile.Parse("""{"columns": {"v": """ + column + "}}");

    [TestMethod]
    public void Among_countries_NA_is_one_and_the_schema_says_so()
    {
        var (table, inferred) = TableReader.ReadWithReasons(Save(Codes(Countries, "NA", "NA", "\"\"", "NULL")));
        Assert.AreEqual(2, Missing(table["v"]));
        Assert.AreEqual(2, ((CodedColumn)table["v"]).Codes.Count(code => code >= 0 && ((CodedColumn)table["v"]).Values[code] == "NA"));
        Assert.Contains("NA is one of the codes", inferred[0].Reason);
        Assert.Contains("NULL in 1 rows", inferred[0].Reason);
        Assert.IsFalse(table["v"].Schema.MissingMarkers!.Texts.Contains("NA"));

        var again = SchemaFile.Parse(SchemaFile.From(table.Schema).ToJson());
        Assert.AreEqual(table["v"].Schema, TableReader.Read(PathOf("table.csv"), schema: again)["v"].Schema);
    }

    [TestMethod]
    public void The_profile_agrees_with_the_reader()
    {
        var profile = Profiler.Profile(Save(Codes(Countries, "NA", " NA", "\"\"", "NULL")), options: new ProfileOptions { TopValues = 20 }).Columns[0];
        Assert.AreEqual((2, 13), (profile.Missing, profile.Distinct));
        Assert.AreEqual(2, profile.TopValues!.Single(value => value.Value == "NA").Rows);
        Assert.Contains("NA is one of the codes", profile.Reason);
        Assert.IsFalse(profile.MissingMarkers!.Texts.Contains("NA"));
    }

    [TestMethod]
    public void Another_table_of_the_same_schema_keeps_the_code()
    {
        var schema = Read(Codes(Countries, "NA")).Schema;
        var other = TableReader.ReadAs(Save("v\nNA\nDE\n\"\"\n", "other.csv"), schema);
        Assert.AreEqual("NA", ((CodedColumn)other["v"]).Text(0));
        TableWriter.Write(other, PathOf("again.csv"));
        Assert.AreEqual("v\nNA\nDE\n\"\"\n", File.ReadAllText(PathOf("again.csv")));
    }

    [TestMethod]
    public void A_code_that_only_rows_beyond_the_sample_hold_is_one_there()
    {
        var codes = Enumerable.Range(0, 6_000).Select(i => i == 5_990 ? "NA" : Countries[i % Countries.Length]);
        using var file = TableFile.Open(Save(Lines(codes)));
        var sample = file.Sample(200, 1, CancellationToken.None);
        Assert.AreEqual(0, file.Chunks(sample.Schema, CancellationToken.None).Sum(chunk => Missing(chunk["v"])));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Among_few_codes_or_those_of_no_countries_it_is_missing_and_the_reason_says_so(bool few)
    {
        var (table, inferred) = TableReader.ReadWithReasons(Save(Codes(few ? Countries[..5] : States, "NA", "NA")));
        Assert.AreEqual(2, Missing(table["v"]));
        Assert.Contains("NA in 2 rows read as missing values (missing_markers)", inferred[0].Reason);
        Assert.IsNull(table["v"].Schema.MissingMarkers);
    }

    [TestMethod]
    public void A_few_words_among_numbers_are_told_without_them_and_how_to_declare_them()
    {
        var amounts = Enumerable.Range(0, 600).Select(i => i % 200 == 7 ? "secret" : $"{i * 37 % 500}.5").ToArray();
        var (table, inferred) = TableReader.ReadWithReasons(Save(Lines(amounts)));
        Assert.IsInstanceOfType<CodedColumn>(table["v"]);
        Assert.Contains("all but 3 of 600 values are numbers", inferred[0].Reason);
        Assert.Contains("missing_markers", inferred[0].Reason);
        Assert.DoesNotContain("secret", inferred[0].Reason);
        Assert.AreEqual(inferred[0].Reason, Profiler.Profile(PathOf("table.csv")).Columns[0].Reason);

        var declared = Declared("""{"kind": "decimal", "missing_markers": ["secret"]}""");
        Assert.AreEqual(3, Missing(TableReader.Read(PathOf("table.csv"), schema: declared)["v"]));
        Assert.DoesNotContain("numbers:", TableReader.ReadWithReasons(Save(Lines(amounts.Select((text, i) => i % 10 == 0 ? "word" : text)))).Columns[0].Reason);
    }

    [TestMethod]
    [DataRow("$N,000", "$#,##0", "integer")]
    [DataRow("N.50 €", "0.00 €", "decimal")]
    [DataRow("N.5%", "0.0%", "decimal")]
    [DataRow("N,5", "0,0", "decimal")]
    [DataRow("N min", "0 min", "duration")]
    [DataRow("PTNM30S", "PTnHnMnS", "duration")]
    public void A_few_words_among_amounts_or_durations_are_told_as_those_among_numbers_are(string spelling, string format, string kind)
    {
        string[] words = ["free", "tbd", "n/a?"];
        var cells = Enumerable.Range(0, 600)
            .Select(i => i % 200 == 7 ? words[i / 200] : spelling.Replace("N", $"{100 + (i * 37 % 500)}", StringComparison.Ordinal)).ToArray();
        var (table, inferred) = TableReader.ReadWithReasons(Save(Quoted(cells)));
        Assert.IsInstanceOfType<CodedColumn>(table["v"]);
        Assert.Contains($"all but 3 of 600 values read as {format}: ", inferred[0].Reason);
        Assert.Contains("missing_markers", inferred[0].Reason);
        Assert.DoesNotContain("tbd", inferred[0].Reason);
        Assert.AreEqual(inferred[0].Reason, Profiler.Profile(PathOf("table.csv")).Columns[0].Reason);

        var declared = Declared($$"""{"kind": "{{kind}}", "format": "{{format}}", "missing_markers": ["free", "tbd", "n/a?"]}""");
        Assert.AreEqual(3, Missing(TableReader.Read(PathOf("table.csv"), schema: declared)["v"]));
        var many = Quoted(cells.Select((text, i) => i % 10 == 0 ? "word" : text));
        Assert.DoesNotContain("read as", TableReader.ReadWithReasons(Save(many)).Columns[0].Reason);

        static string Quoted(IEnumerable<string> texts) => Lines(texts.Select(text => $"\"{text}\""));
    }

    [TestMethod]
    public void What_is_commoner_than_every_code_is_missing() =>
        Assert.AreEqual(6, Missing(Read(Codes(Countries, "NA", "NA", "NA", "NA", "NA", "NA"))["v"]));

    [TestMethod]
    public void Among_continents_and_among_initials_NA_is_one()
    {
        Assert.AreEqual(0, Missing(Read(Codes(["AF", "AN", "AS", "EU", "OC", "SA"], "NA"))["v"]));
        var initials = Enumerable.Range(0, 120).Select(i => $"{(char)('A' + (i / 26))}{(char)('A' + (i % 26))}");
        Assert.AreEqual(0, Missing(Read(Codes(initials, "NA"))["v"]));
    }

    [TestMethod]
    public void A_declaration_decides()
    {
        Assert.AreEqual(2, Missing(Read("v\nNA\nNone\nNULL\nx\n", Declared("\"categorical\""))["v"]));
        Assert.AreEqual(1, Missing(Read("v\nNA\nNone\nNULL\n\"\"\n", Declared("""{"kind": "categorical", "missing_markers": []}"""))["v"]));
        Assert.AreEqual(1, Missing(Read("v\nNA\nNone\nnone given\nx\n", Declared("""{"kind": "categorical", "missing_markers": ["none given"]}"""))["v"]));
        var numbers = Read("v\n7\n-999\n8\n-999\n", Declared("""{"kind": "integer", "missing_markers": [-999]}"""));
        CollectionAssert.AreEqual(new[] { 7, double.NaN, 8, double.NaN }, ((NumericColumn)numbers["v"]).Values);
        Assert.AreEqual(7, Profiler.Profile(PathOf("table.csv"), schema: Declared("""{"kind": "integer", "missing_markers": [-999]}""")).Columns[0].Numbers!.Minimum);
        Assert.AreEqual(2, Refused(TableError.InvalidValue, () => Read("v\n7\nNA\n", Declared("""{"kind": "integer", "missing_markers": [-999]}"""))).Row);
    }

    [TestMethod]
    public void A_day_that_stands_for_none_is_missing_in_the_profile_too()
    {
        var schema = Declared("""{"kind": "date", "missing_markers": ["1900-01-01"]}""");
        var text = "v\n2020-01-01\n1900-01-01\n2021-01-01\n";
        Assert.AreEqual(1, Missing(Read(text, schema)["v"]));
        var profile = Profiler.Profile(PathOf("table.csv"), schema: schema).Columns[0];
        Assert.AreEqual((1, "2020-01-01"), (profile.Missing, profile.Numbers!.MinimumText));
    }

    [TestMethod]
    public void Categories_that_are_listed_are_values_whatever_they_are_called()
    {
        var listed = Read("v\nNA\nGd\n\"\"\n", Declared("""{"kind": "categorical", "values": ["NA", "Gd"]}"""));
        Assert.AreEqual(1, Missing(listed["v"]));
        Assert.IsFalse(listed.Schema.Domains["v"].Schema("v").MissingMarkers!.Texts.Contains("NA"));
        var ordered = Read("v\nNone\nNA\nMild\n?\n", Declared("""{"kind": "categorical", "order": ["None", "NA", "Mild"]}"""));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, double.NaN }, ((NumericColumn)ordered["v"]).Values);
    }

    [TestMethod]
    [DataRow("""{"kind": "categorical", "missing_markers": "NA"}""")]
    [DataRow("""{"kind": "categorical", "missing_markers": [null]}""")]
    [DataRow("""{"kind": "categorical", "missing_markers": ["NA"], "values": ["NA", "x"]}""")]
    public void Markers_that_are_none_are_refused(string column) => Assert.AreEqual("v", Refused(TableError.InvalidSchema, () => Declared(column)).Column);
}
