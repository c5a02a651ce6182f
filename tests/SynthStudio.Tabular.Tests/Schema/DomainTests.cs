namespace SynthStudio.Tabular.Tests.Schema;

/// <summary>What a schema file declares for private methods.</summary>
[TestClass]
public sealed class DomainTests : FileTest
{
    [TestMethod]
    public void Bounds_categories_and_bins_are_read_in_the_units_of_their_kind()
    {
        var domains = SchemaFile.Parse("""
            {"unit": "person", "max_rows_per_unit": 3, "rows": 1000, "columns": {
              "person": "identifier",
              "age": {"kind": "integer", "min": 17, "max": 90, "bins": 32, "nullable": false},
              "paid": {"kind": "numerical", "decimal_places": 2, "min": "-1.50", "max": 1e3},
              "day": {"kind": "date", "format": "dd.MM.yyyy", "min": "01.01.1970", "max": "02.01.1970"},
              "at": {"kind": "time", "format": "HH:mm", "min": "00:00", "max": "23:59"},
              "sex": {"kind": "categorical", "values": ["f", "m", "other"]},
              "open": {"kind": "numerical", "min": 0}}}
            """).Columns.ToDictionary(c => c.Name, ColumnDomain.Of);

        Assert.AreEqual(new ColumnDomain { Kind = ColumnKind.Integer, Min = 17, Max = 90, Bins = 32, Nullable = false }, domains["age"]);
        Assert.AreEqual((-1.5, 1000.0), (domains["paid"]!.Min, domains["paid"]!.Max));
        Assert.AreEqual((0.0, 86_400.0), (domains["day"]!.Min, domains["day"]!.Max));
        Assert.AreEqual(86_340.0, domains["at"]!.Max);
        CollectionAssert.AreEqual(new[] { "f", "m", "other" }, domains["sex"]!.Values!.ToArray());
        Assert.IsNull(domains["open"], "whole or with a fraction: only the data could tell");
    }

    [TestMethod]
    public void Unit_and_rows_are_read()
    {
        var schema = SchemaFile.Parse("""{"unit": "person", "max_rows_per_unit": 3, "rows": 1000, "columns": {"person": "identifier"}}""");

        Assert.AreEqual(new Population("person", 3, 1000), schema.Population);
    }

    [TestMethod]
    public void What_is_declared_comes_back_from_the_schema_of_a_table_that_was_read_with_it()
    {
        var file = SchemaFile.Parse("""
            {"rows": 10, "columns": {
              "day": {"kind": "date", "format": "dd.MM.yyyy", "min": "01.01.1970", "max": "31.12.1970"},
              "n": {"kind": "integer", "min": 0, "max": 10, "bins": 5},
              "stay": {"kind": "duration", "format": "[h]:mm", "min": "0:30", "max": "P2DT12H", "bins": 5},
              "c": {"kind": "categorical", "values": ["a", "b"]}}}
            """);

        var table = Read("day,n,stay,c\n02.01.1970,5,27:05,a\n", file);
        var again = SchemaFile.Parse(SchemaFile.From(table.Schema).ToJson());

        CollectionAssert.AreEqual(
            file.Columns.Select(ColumnDomain.Of).Select(d => (d!.Min, d.Max, d.Bins, d.Values?.Count)).ToArray(),
            again.Columns.Select(ColumnDomain.Of).Select(d => (d!.Min, d.Max, d.Bins, d.Values?.Count)).ToArray());
        CollectionAssert.AreEqual(file.Columns.Select(ColumnDomain.Of).ToArray(), table.Schema.Columns.Select(c => table.Schema.Domains[c.Name]).ToArray());
        Assert.AreEqual(10, again.Population.Rows);
    }

    [TestMethod]
    public void Bounds_and_values_are_rules_of_rows_however_precisely_the_kind_is_declared()
    {
        var schema = SchemaFile.Parse("""
            {"columns": {
              "n": {"kind": "numerical", "min": 0},
              "day": {"kind": "date", "min": "1970-01-02", "max": "1970-12-31"},
              "stay": {"kind": "duration", "format": "[h]:mm", "min": "0:30"},
              "at": {"kind": "datetime", "max": "1970-01-01T12:00:00+02:00"},
              "c": {"kind": "categorical", "values": ["a", "b"]}}}
            """);
        var table = Read(
            "n,day,stay,at,c\n1,02.01.1970,0:30,1970-01-01T11:30:00+01:00,a\n-1,01.01.1970,0:29,1970-01-01T09:59:00+01:00,c\n,31.12.1970,27:05,1970-01-01T11:00:00+01:00,\n", schema);

        CollectionAssert.AreEqual(new[] { "bounds of n", "bounds of day", "bounds of stay", "bounds of at", "values of c" }, table.Schema.ColumnRules.Select(rule => rule.Name).ToArray());
        bool[][] broken =
        [
            .. table.Schema.Rules.Select(rule => RowRule.Of(rule, table.Schema)!.BrokenIn(table))
                .Select(isBroken => Enumerable.Range(0, 3).Select(isBroken).ToArray()),
        ];
        CollectionAssert.AreEqual(new[] { false, true, false }, broken[0], "a missing value breaks no bound");
        CollectionAssert.AreEqual(new[] { false, true, false }, broken[1]);
        CollectionAssert.AreEqual(new[] { false, true, false }, broken[2]);
        CollectionAssert.AreEqual(new[] { true, false, false }, broken[3], "12:00 in one offset is 11:00 in the column's");
        CollectionAssert.AreEqual(new[] { false, true, false }, broken[4]);
        Assert.IsEmpty(SchemaFile.From(table.Schema).Constraints, "they are said by the columns");
    }

    [TestMethod]
    public void Where_other_is_listed_a_value_that_is_not_counts_as_that_in_every_table()
    {
        var schema = SchemaFile.Parse("""{"columns": {"c": {"kind": "categorical", "values": ["a", "other"]}, "n": "integer"}}""");
        var table = Read("c,n\na,1\nb,2\n,3\nother,4\nc,5\n", schema);

        CollectionAssert.AreEqual(new[] { "a", "other", null, "other", "other" }, Texts(table));
        CollectionAssert.AreEqual(new[] { "other", "a" }, Texts(TableReader.ReadAs(Save("c,n\nnew,1\na,2\n"), table.Schema)));

        static string?[] Texts(Table table) => [.. Enumerable.Range(0, table.RowCount).Select(((CodedColumn)table["c"]).Text)];
    }

    [TestMethod]
    public void Where_cells_are_read_by_themselves_no_row_changes_how_another_one_is_read()
    {
        var schema = SchemaFile.Parse("""
            {"columns": {
              "day": "date", "swapped": {"kind": "date", "format": "MM/dd/yyyy"}, "at": "datetime", "open": "time", "stay": "duration",
              "paid": {"kind": "boolean", "values": ["yes", "no"]}, "pieces": {"kind": "integer", "nullable": false}}}
            """);
        const string Rows = "2020-03-04,03/04/2020,2020-03-04 10:00,08:30,PT1H,yes,1\n2020-03-05,04/04/2020,2020-03-04T12:00:00+02:00,09:00:00,PT2H,no,2\n";
        var options = new ReadOptions { InvalidValuesAreMissing = true, CellsByThemselves = true };
        var alone = Read("day,swapped,at,open,stay,paid,pieces\n" + Rows, schema, options);
        var joined = Read("day,swapped,at,open,stay,paid,pieces\n25/12/2020,25/12/2020,04.03.2020 10:00,half past,1:00,maybe,none\n" + Rows, schema, options);

        CollectionAssert.AreEqual(new[] { 1_583_316_000.0, 1_583_316_000.0 }, ((NumericColumn)alone["at"]).Values, "10:00 without an offset, and noon in one of two hours");
        CollectionAssert.AreEqual(new[] { 30_600.0, 32_400.0 }, ((NumericColumn)alone["open"]).Values);
        foreach (var column in alone.Columns)
        {
            Assert.IsTrue(joined[column.Name].IsMissing(0), column.Name);
            for (var row = 0; row < 2; row++)
            {
                Assert.IsFalse(column.IsMissing(row), column.Name);
                if (column is NumericColumn numbers) Assert.AreEqual(numbers.Values[row], ((NumericColumn)joined[column.Name]).Values[row + 1], column.Name);
                else Assert.AreEqual(((CodedColumn)column).Text(row), ((CodedColumn)joined[column.Name]).Text(row + 1), column.Name);
            }
        }
    }

    [TestMethod]
    public void A_day_is_no_bound_of_moments_that_turn_out_to_be_times()
    {
        var schema = SchemaFile.Parse("""{"columns": {"at": {"kind": "datetime", "min": "2020-01-01"}}}""");

        StringAssert.Contains(Refused(TableError.InvalidSchema, () => Read("at\n08:30\n09:15\n", schema)).Message, "'at' was read as Time", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_constraint_with_the_name_of_a_columns_own_rule_is_refused()
    {
        var schema = SchemaFile.Parse("""
            {"columns": {"n": {"kind": "integer", "min": 0}},
             "constraints": [{"rule": "not_null", "columns": ["n"], "name": "bounds of n"}]}
            """);

        StringAssert.Contains(Refused(TableError.InvalidSchema, () => Read("n\n1\n", schema)).Message, "'bounds of n'", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("""{"kind": "integer", "min": 5, "max": 5}""", "min' must be less")]
    [DataRow("""{"kind": "integer", "min": "many"}""", "no value of its kind")]
    [DataRow("""{"kind": "date", "min": "31.02.2020", "format": "dd.MM.yyyy"}""", "no value of its kind")]
    [DataRow("""{"kind": "categorical", "min": 5}""", "belong to numbers")]
    [DataRow("""{"kind": "integer", "values": ["1"]}""", "'values' belongs")]
    [DataRow("""{"kind": "categorical", "values": ["a", "a"]}""", "twice")]
    [DataRow("""{"kind": "categorical", "values": []}""", "1 to")]
    [DataRow("""{"kind": "boolean", "values": ["yes"]}""", "two 'values'")]
    [DataRow("""{"kind": "integer", "bins": 1}""", "'bins' must be a whole number")]
    public void What_contradicts_itself_is_refused_with_the_columns_name(string declaration, string why)
    {
        var refusal = Assert.ThrowsExactly<TableException>(() => SchemaFile.Parse("{\"columns\": {\"x\": " + declaration + "}}"));

        Assert.AreEqual((TableError.InvalidSchema, "x"), (refusal.Error, refusal.Column));
        StringAssert.Contains(refusal.Message, why, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("""{"unit": 5, "columns": {"x": "integer"}}""")]
    [DataRow("""{"rows": 0, "columns": {"x": "integer"}}""")]
    [DataRow("""{"max_rows_per_unit": 1.5, "columns": {"x": "integer"}}""")]
    public void A_population_that_cannot_be_is_refused(string json) =>
        Assert.AreEqual(TableError.InvalidSchema, Assert.ThrowsExactly<TableException>(() => SchemaFile.Parse(json)).Error);

    [TestMethod]
    public void Listed_combinations_are_written_and_read_back_and_others_break_the_rule()
    {
        var file = SchemaFile.Parse("""
            {"columns": {"a": "categorical", "b": "categorical"},
             "constraints": [{"rule": "fixed_combinations", "columns": ["a", "b"], "allowed": [["x", "1y"], ["z", "2y"]]}]}
            """);
        var table = Read("a,b\nx,1y\nx,2y\n,2y\nz,2y\n", SchemaFile.Parse(file.ToJson()));

        var broken = RowRule.Of(table.Schema.Constraints.Single(), table.Schema)!.BrokenIn(table);

        CollectionAssert.AreEqual(new[] { false, true, false, false }, Enumerable.Range(0, 4).Select(broken).ToArray());
    }

    [TestMethod]
    [DataRow("""[]""")]
    [DataRow("""[["x"]]""")]
    [DataRow("""[["x", 1]]""")]
    public void Combinations_of_another_form_are_refused(string allowed) => Refused(TableError.InvalidSchema, () => SchemaFile.Parse(
        """{"columns": {"a": "categorical", "b": "categorical"}, "constraints": [{"rule": "fixed_combinations", "columns": ["a", "b"], "allowed": """ + allowed + "}]}"));
}
