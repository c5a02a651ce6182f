using System.Text.Json;
using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class WarmStartTests
{
    private static readonly Table Fresh = TestTables.Shop(800, seed: 9);

    [TestMethod]
    public void A_trained_model_learns_on_from_where_it_was()
    {
        using var file = AutoregressiveTests.Save(ShopModel.Trained);
        var package = ModelPackage.Open(file);

        // The same codec, so that losses compare, on a network that has learned next to nothing.
        using var beginner = AutoregressiveTests.Fit(TestTables.Shop(3_000), steps: 2);
        using var beginnerFile = AutoregressiveTests.Save(beginner);
        using var slow = Fit(Fresh, ModelPackage.Open(beginnerFile));
        using var warm = Fit(Fresh, package);
        Assert.IsLessThan(slow.Metrics["best_validation_loss"] - 0.5, warm.Metrics["best_validation_loss"]);
        using var again = AutoregressiveTests.Save(warm);
        CollectionAssert.AreEqual(package["codec.json"], ModelPackage.Open(again)["codec.json"]);
    }

    [TestMethod]
    public void Models_of_other_columns_or_methods_are_refused()
    {
        using var file = AutoregressiveTests.Save(ShopModel.Trained);
        var package = ModelPackage.Open(file);
        Assert.AreEqual(SynthesisError.TableMismatch, Assert.ThrowsExactly<SynthesisException>(
            () => Fit(TestTables.Make(Fresh["colour"], Fresh["size"]), package)).Error);
        Assert.AreEqual(SynthesisError.Unsupported, Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Get("independent").Fit(
            Fresh, new FitRequest { WarmStart = package }, new Observer(), CancellationToken.None)).Error);
    }

    [TestMethod]
    public void What_the_start_has_no_cell_for_is_not_learned_as_something_else()
    {
        using var file = AutoregressiveTests.Save(ShopModel.Trained);
        var codes = ((CodedColumn)Fresh["colour"]).Codes;
        var colour = new CodedColumn(Fresh["colour"].Schema, [.. codes.Select((code, row) => row % 5 < 3 ? 3 : code)], ["red", "green", "blue", "violet"]);
        var pieces = new NumericColumn(Fresh["pieces"].Schema, [.. Fresh.Values("pieces").Select((value, row) => row % 5 > 1 ? double.NaN : value)]);
        var next = TestTables.Make(colour, Fresh["size"], Fresh["flag"], Fresh["amount"], Fresh["day"], pieces);
        using var warm = Fit(next, ModelPackage.Open(file), steps: 200);
        var drawn = Methods.Draw(warm, 3_000);
        foreach (var known in new[] { "red", "green", "blue" })
            Assert.AreEqual(
                codes.Where((_, row) => row % 5 >= 3).Share(code => ((CodedColumn)Fresh["colour"]).Values[code] == known),
                drawn.Texts("colour").Share(text => text == known), 0.12, known);
        Assert.AreEqual(Fresh.Values("pieces").Share(value => value == 0), drawn.Values("pieces").Share(value => value == 0), 0.08);
    }

    [TestMethod]
    public void Steps_are_smaller_unless_their_size_is_given()
    {
        static double Rate(Dictionary<string, string> given) => AutoregressiveOptions.Parse(given).LearningOn(given).LearningRate;
        Assert.IsLessThan(AutoregressiveOptions.Parse(new Dictionary<string, string>()).LearningRate, Rate([]));
        Assert.AreEqual(0.005, Rate(new() { ["learning_rate"] = "0.005" }));
    }

    [TestMethod]
    public void Options_that_the_start_settles_are_refused()
    {
        using var file = AutoregressiveTests.Save(ShopModel.Trained);
        var package = ModelPackage.Open(file);
        foreach (var (name, value) in new[] { ("width", "64"), ("blocks", "2"), ("protect_rare", "false") })
        {
            var error = Assert.ThrowsExactly<SynthesisException>(() => Fit(Fresh, package, 1, (name, value)));
            Assert.AreEqual((SynthesisError.OptionOutOfRange, name), (error.Error, error.Subject));
        }
    }

    [TestMethod]
    public void Rows_are_written_as_the_start_learned_them_whatever_the_next_rows_suggest()
    {
        using var first = AutoregressiveTests.Fit(Rides(600, seed: 1), steps: 40);
        using var file = AutoregressiveTests.Save(first);
        var package = ModelPackage.Open(file);

        // Other boxes would fit other points, and one ride that ends before it begins is no pair of moments any more.
        var rides = Rides(500, seed: 2);
        rides.Values("dropoff")[7] = rides.Values("pickup")[7] - 60;
        using var warm = Fit(rides, package);
        using var again = AutoregressiveTests.Save(warm);
        Assert.AreEqual(Transforms(package), Transforms(ModelPackage.Open(again)));
        CollectionAssert.AreEqual(package["codec.json"], ModelPackage.Open(again)["codec.json"]);
        var drawn = Methods.Draw(warm, 500);
        Assert.IsTrue(Enumerable.Range(0, 500).All(row => drawn.Values("dropoff")[row] > drawn.Values("pickup")[row]));

        var apart = Rides(500, seed: 3);
        apart.Values("fee")[3] += 1;
        Refuses(() => Fit(apart, package), "fee");
        Refuses(() => Fit(TestTables.Make([.. rides.Columns, TestTables.Numbers("tip", ColumnKind.Integer, rides.Values("price"))]), package), "tip");
        Refuses(() => Fit(TestTables.Make([.. rides.Columns.Where(column => column.Name != "dropoff")]), package), "dropoff");
    }

    [TestMethod]
    public void Rules_that_the_start_builds_in_must_be_declared_and_further_ones_are_kept()
    {
        var rule = new InequalityConstraint("pickup <= dropoff", "pickup", "dropoff", Strict: false);
        var rides = Rides(300, seed: 1);
        using var first = AutoregressiveTests.Fit(new Table(rides.Schema with { Constraints = [rule] }, rides.Columns), steps: 20);
        using var file = AutoregressiveTests.Save(first);
        var package = ModelPackage.Open(file);
        Refuses(() => Fit(rides, package), "pickup");
        using var warm = Fit(new Table(rides.Schema with { Constraints = [rule, new RangeConstraint("dear", "price", "12", null)] }, rides.Columns), package);
        Assert.IsTrue(Methods.Draw(warm, 200).Values("price").All(price => price >= 12));
    }

    [TestMethod]
    public void Rules_that_only_another_form_of_the_rows_could_keep_are_refused()
    {
        var rides = Rides(300, seed: 1);
        using var first = AutoregressiveTests.Fit(rides, steps: 20);
        using var file = AutoregressiveTests.Save(first);
        var package = ModelPackage.Open(file);
        foreach (var rule in new Constraint[]
        {
            new FixedCombinationsConstraint("fares", ["price", "lat"]), new SumConstraint("price = fee", ["price"], "fee", null),
            new InequalityConstraint("price <= fee", "price", "fee", Strict: false),
        })
        {
            Refuses(() => Fit(new Table(rides.Schema with { Constraints = [rule] }, rides.Columns), package), "price");
        }
    }

    [TestMethod]
    public void Rules_that_rows_are_checked_for_hold_from_a_warm_start_on()
    {
        var rides = Rides(600, seed: 1);
        foreach (var name in new[] { "price", "fee" })
            for (var row = 0; row < 600; row += 10) rides.Values(name)[row] = double.NaN;
        using var first = AutoregressiveTests.Fit(rides, steps: 20);
        using var file = AutoregressiveTests.Save(first);
        Constraint[] rules =
        [
            new RangeConstraint("price >= 11", "price", "11", null), new NotNullConstraint("priced", ["price"]), new ExpressionConstraint("cheap", "price <= 14"),
            new UniqueConstraint("one each", ["price"]),
        ];
        using var warm = Fit(new Table(rides.Schema with { Constraints = rules }, rides.Columns), ModelPackage.Open(file));
        CollectionAssert.AreEqual(new double[] { 11, 12, 13, 14 }, Methods.Draw(warm, 4).Values("price").Order().ToArray());
    }

    private static void Refuses(Action fit, string column)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(fit);
        Assert.AreEqual((SynthesisError.TableMismatch, column), (error.Error, error.Subject));
    }

    private static string Transforms(ModelPackage package) =>
        JsonDocument.Parse(package["constraints.json"]).RootElement.GetProperty("Transforms").GetRawText();

    /// <summary>Moments that follow each other closely, points, and a fee that says what the price says.</summary>
    private static Table Rides(int rows, long seed)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 55);
        double[] pickup = new double[rows], dropoff = new double[rows], lat = new double[rows], lon = new double[rows], price = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            pickup[i] = 1_600_000_000 + random.NextInt(20_000_000);
            dropoff[i] = pickup[i] + 300 + random.NextInt(900);
            (lat[i], lon[i]) = (Math.Round(48 + 0.1 * random.NextGaussian(), 4), Math.Round(16 + 0.1 * random.NextGaussian(), 4));
            price[i] = 10 + random.NextInt(6);
        }

        return TestTables.Make(
            TestTables.Numbers("pickup", ColumnKind.DateTime, pickup), TestTables.Numbers("dropoff", ColumnKind.DateTime, dropoff),
            TestTables.Numbers("lat", ColumnKind.Decimal, lat, 4), TestTables.Numbers("lon", ColumnKind.Decimal, lon, 4),
            TestTables.Numbers("price", ColumnKind.Integer, price), TestTables.Numbers("fee", ColumnKind.Integer, (double[])price.Clone()));
    }

    private static ITabularModel Fit(Table table, ModelPackage? start, int steps = 40, params (string Name, string Value)[] more) => Synthesizers.Get("autoregressive").Fit(
        table,
        new FitRequest
        {
            Seed = 1, Threads = 2, Device = Device.Cpu, WarmStart = start,
            Options = new Dictionary<string, string>(more.Select(o => KeyValuePair.Create(o.Name, o.Value))) { ["steps"] = $"{steps}", ["batch_size"] = "256" },
        },
        new Observer(),
        CancellationToken.None);
}
