namespace SynthStudio.Tabular.Tests.Writing;

/// <summary>A filled table is the file it came from, but for the cells that were filled.</summary>
[TestClass]
public sealed class TableFillingTests : FileTest
{
    private static readonly TableSchema Schema = new()
    {
        Columns =
        [
            new ColumnSchema { Name = "price", Kind = ColumnKind.Decimal, DecimalPlaces = 2, Format = "0.00", Nullable = true },
            new ColumnSchema { Name = "day", Kind = ColumnKind.Date, Format = "dd.MM.yyyy", Nullable = true },
            new ColumnSchema { Name = "city", Kind = ColumnKind.Categorical, Nullable = true },
        ],
    };

    [TestMethod]
    public void Observed_cells_and_unknown_columns_keep_the_text_of_the_file()
    {
        const string text =
            "note;city;price;day;code\n" +
            "\"a, \"\"b\"\"\";Ulm;1.23456;2024-03-05;007\n" +
            ";;NA;2024-03-06;\n" +
            "NA;Ulm;1e3;;+5\n";
        Assert.AreEqual(
            "note,city,price,day,code\n" +
            "\"a, \"\"b\"\"\",Ulm,1.23456,2024-03-05,007\n" +
            ",\"Bonn, old\",2.50,2024-03-06,\n" +
            "NA,Ulm,1e3,07.03.2024,+5\n", Filled(Save(text)));
    }

    [TestMethod]
    public void What_stays_missing_keeps_its_spelling()
    {
        var path = Save("price,day,city\nNA,-,Ulm\n1,2024-03-05,\n");
        var read = TableReader.ReadAs(path, Schema);
        TableFilling.Write(path, null, read, read, PathOf("filled.csv"), new ReadOptions(), CancellationToken.None);
        Assert.AreEqual("price,day,city\nNA,-,Ulm\n1,2024-03-05,\n", File.ReadAllText(PathOf("filled.csv")));
    }

    [TestMethod]
    public void Rows_of_json_keep_their_spelling_as_well() => Assert.AreEqual(
        "price,day,city,x\n1.50,2024-03-05,Ulm,true\n2.50,2024-03-06,\"Bonn, old\",\n2.125,07.03.2024,Ulm,2.0\n",
        Filled(Save("""[{"price": "1.50", "day": "2024-03-05", "city": "Ulm", "x": "true"}, {"day": "2024-03-06"}, {"price": "2.125", "city": "Ulm", "x": "2.0"}]""", "table.json")));

    [TestMethod]
    public void Values_of_parquet_are_written_as_their_types_are()
    {
        var path = PathOf("table.parquet");
        using (var session = new DuckSession(new ReadOptions(), PathOf("tmp")))
        {
            session.Execute(
                "COPY (SELECT * FROM (VALUES (1, 1.25::DOUBLE, DATE '2024-03-05', 'Ulm'), (2, NULL, DATE '2024-03-06', NULL), (3, 4.125, NULL, 'Ulm')) AS t(n, price, day, city)) "
                + $"TO {DuckSession.Literal(path)} (FORMAT parquet)",
                CancellationToken.None);
        }

        Assert.AreEqual("n,price,day,city\n1,1.25,2024-03-05,Ulm\n2,2.50,2024-03-06,\"Bonn, old\"\n3,4.125,07.03.2024,Ulm\n", Filled(path));
    }

    [TestMethod]
    public void Another_file_in_its_place_is_refused()
    {
        var read = TableReader.ReadAs(Save("price,day,city\n1,2024-03-05,Ulm\n"), Schema);
        var other = Save("price,day,city\n1,2024-03-05,Ulm\n2,2024-03-05,Ulm\n", "other.csv");
        Refused(TableError.FileUnreadable, () => TableFilling.Write(other, null, read, read, PathOf("filled.csv"), new ReadOptions(), CancellationToken.None));
    }

    /// <summary>The second row's price and city and the third's day are filled, where they are missing.</summary>
    private string Filled(string path)
    {
        var read = TableReader.ReadAs(path, Schema);
        double[] prices = (double[])((NumericColumn)read["price"]).Values.Clone(), days = (double[])((NumericColumn)read["day"]).Values.Clone();
        (prices[1], days[2]) = (2.5, new DateTime(2024, 3, 7, 0, 0, 0, DateTimeKind.Utc).Subtract(DateTime.UnixEpoch).TotalSeconds);
        var filled = new Table(
            read.Schema,
            [
                new NumericColumn(Schema.Columns[0], prices), new NumericColumn(Schema.Columns[1], days),
                new CodedColumn(Schema.Columns[2], [0, 1, 0], ["Ulm", "Bonn, old"]),
            ]);
        TableFilling.Write(path, null, read, filled, PathOf("filled.csv"), new ReadOptions(), CancellationToken.None);
        return File.ReadAllText(PathOf("filled.csv"));
    }
}
