using System.Text.Json.Nodes;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Points;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Points;

/// <summary>Latitude and longitude of a town on a lake: houses on a ring around the water, and one tower block with many rows.</summary>
[TestClass]
public sealed class PointTests
{
    private const double North = 47.5, East = 13.5, Shore = 0.10, Edge = 0.12;

    private static readonly Table Town = MakeTown(4_000);

    [TestMethod]
    [DataRow("independent")]
    [DataRow("copula")]
    [DataRow("cart")]
    [DataRow("autoregressive")]
    public void Points_stay_where_points_are(string method)
    {
        using var model = Fit(method);
        var drawn = Methods.Draw(model, 3_000);
        double[] y = drawn.Values("home_lat"), x = drawn.Values("home_lon");
        var present = Enumerable.Range(0, y.Length).Where(row => !double.IsNaN(y[row])).ToArray();
        var distances = present.Select(row => Distance(x[row], y[row])).ToArray();
        // Boxes are as coarse as the hundredth part of the ring: a few corners reach into the water.
        Assert.IsGreaterThan(0.97, distances.Share(d => d is > Shore - 0.005 and < Edge + 0.005));
        Assert.IsLessThan(0.002, distances.Share(d => d < Shore - 0.03));
        Assert.AreEqual(Town.Values("home_lat").Share(double.IsNaN), y.Share(double.IsNaN), 0.02);
        Assert.IsTrue(Enumerable.Range(0, y.Length).All(row => double.IsNaN(x[row]) == double.IsNaN(y[row])));
        Assert.IsTrue(present.All(row => Math.Round(y[row], 5) == y[row] && Math.Round(x[row], 5) == x[row]));
        // The tower block is one point with a tenth of the rows.
        Assert.AreEqual(0.1, present.Share(row => y[row] == North + 0.11 && x[row] == East), 0.03);
    }

    [TestMethod]
    public void Places_lead_back_to_the_points_they_came_from()
    {
        var points = PointColumn.Find(Town).Single();
        var again = points.Backward(points.Forward(Town));
        for (var row = 0; row < Town.RowCount; row++)
        {
            var frame = points.Frame; // beyond it, single people are protected
            Assert.AreEqual(Math.Clamp(Town.Values("home_lat")[row], frame.Bottom, frame.Top), again.Values("home_lat")[row], 1.1e-5);
            Assert.AreEqual(Math.Clamp(Town.Values("home_lon")[row], frame.Left, frame.Right), again.Values("home_lon")[row], 1.1e-5);
        }
    }

    [TestMethod]
    public void No_side_of_a_box_is_a_coordinate_of_one_person()
    {
        var points = PointColumn.Find(Town).Single();
        Assert.IsGreaterThan(100, points.Boxes.Boxes.Length);
        foreach (var box in points.Boxes.Boxes.Where(box => box.Bottom < box.Top))
        {
            // Rounded to four digits at most, where coordinates have five.
            Assert.AreEqual(Math.Round(box.Bottom, 4), box.Bottom, 1e-9);
            Assert.AreEqual(Math.Round(box.Top, 4), box.Top, 1e-9);
        }
    }

    [TestMethod]
    public void Conditions_hold_for_points()
    {
        using var model = Fit("cart");
        var north = Condition.Between(new RangeBound("47.55"), null);
        var drawn = Draw(model, new() { ["home_lat"] = north, ["home_lon"] = Condition.Between(null, new RangeBound("13.5")) });
        Assert.IsTrue(drawn.Values("home_lat").All(v => v >= 47.55) && drawn.Values("home_lon").All(v => v <= 13.5));
        var tower = Draw(model, new() { ["home_lat"] = Condition.Is("47.61"), ["home_lon"] = Condition.Is("13.5") });
        Assert.IsTrue(tower.Values("home_lat").All(v => v == 47.61) && tower.Values("home_lon").All(v => v == 13.5));
        Assert.IsTrue(Draw(model, new() { ["home_lat"] = Condition.Is(null) }).Values("home_lon").All(double.IsNaN));
        Assert.ThrowsExactly<SynthesisException>(() => Draw(model, new() { ["home_lat"] = Condition.Is("80"), ["home_lon"] = Condition.Is("13.5") }));
        foreach (var impossible in new[] { Condition.Is("47.5"), Condition.Between(new RangeBound("50"), null) })
        {
            var refusal = Assert.ThrowsExactly<SynthesisException>(() => Draw(model, new() { ["home_lat"] = impossible }));
            Assert.AreEqual(SynthesisError.ImpossibleCondition, refusal.Error);
        }
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("copula")]
    public void Points_in_a_rectangle_are_those_that_waiting_would_give_with_few_drawn_in_vain(string method)
    {
        // A strip across the lake: its boxes lie far from each other in the order in which they are numbered.
        using var model = Fit(method);
        var request = new SampleRequest { Rows = 4_000, Seed = 1, ChunkRows = 4_000, FirstChunkRows = 4_000, Given = new Dictionary<string, Condition>
        {
            ["home_lat"] = Condition.Between(new RangeBound("47.49"), new RangeBound("47.511")),
        } };
        var (drawn, report) = Methods.DrawWithReport(model, request);
        Assert.IsTrue(drawn.Values("home_lat").All(v => v is >= 47.49 and <= 47.511));
        Assert.IsLessThan(5_000, report.Drawn, "few rows are drawn in vain");
        var waited = Methods.Draw(model, 100_000);
        var strip = Enumerable.Range(0, waited.RowCount).Where(row => waited.Values("home_lat")[row] is >= 47.49 and <= 47.511).ToArray();
        Assert.IsGreaterThan(2_000, strip.Length);
        foreach (var name in new[] { "home_lat", "home_lon" })
            Assert.IsLessThan(1, TwoSamples.Distance(drawn.Values(name), strip.Select(row => waited.Values(name)[row])));
    }

    [TestMethod]
    public void Points_are_filled_in_scored_and_used_to_predict()
    {
        using var model = AutoregressiveTests.Fit(Town, steps: 150);
        var filled = model.Require<IImputer>().Impute(Town, 1, CancellationToken.None);
        Assert.IsFalse(Array.Exists(filled.Values("home_lat"), double.IsNaN) || Array.Exists(filled.Values("home_lon"), double.IsNaN));
        var observed = Enumerable.Range(0, Town.RowCount).Where(row => !double.IsNaN(Town.Values("home_lat")[row])).ToArray();
        Assert.IsTrue(observed.All(row => filled.Values("home_lat")[row] == Town.Values("home_lat")[row]));
        // The side of the lake tells the village.
        var known = Town.Take(observed.AsSpan(0, 200));
        var predictions = model.Require<IPredictor>().Predict(known, "village", [], CancellationToken.None);
        var villages = known.Texts("village");
        Assert.IsGreaterThan(0.8, predictions.Select((p, i) => p.Categories[villages[i]!]).Average());
        Assert.HasCount(Town.RowCount, model.Require<IRowScorer>().LogLikelihood(Town, 1, 1, CancellationToken.None));
        Assert.AreEqual("home_lat", Assert.ThrowsExactly<SynthesisException>(
            () => model.Require<IPredictor>().Predict(Town, "home_lat", [], CancellationToken.None).ToList()).Subject);
    }

    [TestMethod]
    public void A_package_whose_boxes_make_no_tree_is_refused_though_its_checksums_match()
    {
        using var model = Fit("independent");
        using var same = Synthesizers.Load(Forged(model, _ => { }), Device.Cpu);
        Assert.AreEqual(TestTables.Text([Methods.Draw(model, 100)]), TestTables.Text([Methods.Draw(same, 100)]));
        Refused("a cycle", points => Split(points, 0)["Next"] = 0);
        Refused("two halves that are one", points => Split(points, 0)["Next"] = 1);
        Refused("a node that is none", points => Split(points, 0)["Next"] = 1_000_000);
        Refused("an axis that is none", points => Split(points, 0)["Axis"] = 7);
        Refused("a box that is none", points => Split(points, ^1)["Next"] = 1_000_000);
        Refused("a box before the first", points => Split(points, ^1)["Next"] = -1);
        Refused("a first half beyond the last node", points => Split(points, ^1)["Axis"] = 1);
        Refused("no nodes", points => points["Boxes"]!["Splits"] = new JsonArray());
        Refused("no boxes", points => points["Boxes"]!["Boxes"] = new JsonArray());
        Refused("boxes that are null", points => points["Boxes"]!["Boxes"] = null);
        Refused("nothing at all", points => points["Boxes"] = null);
        Refused("no latitude", points => points["Latitude"] = null);
        Refused("no longitude", points => points["Longitude"] = null);
        Refused("a longitude without a name", points => points["Longitude"]!["Name"] = null);
        Refused("a frame that ends before it begins", points => points["Frame"]!["Left"] = 170);

        void Refused(string why, Action<JsonNode> change) => Assert.AreEqual(
            SynthesisError.PackageCorrupt,
            Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Load(Forged(model, change), Device.Cpu)).Error,
            why);

        static JsonNode Split(JsonNode points, Index node)
        {
            var splits = points["Boxes"]!["Splits"]!.AsArray();
            return splits[node.GetOffset(splits.Count)]!;
        }
    }

    [TestMethod]
    [DataRow("home_lat", "work_lon", 1.0)]
    [DataRow("lat", "length", 1.0)]
    [DataRow("lat", "lon", 1_000.0)]
    public void Other_numbers_are_no_points(string latitude, string longitude, double scale)
    {
        var table = TestTables.Make(
            TestTables.Numbers(latitude, ColumnKind.Decimal, Town.Values("home_lat").Select(v => v * scale)),
            TestTables.Numbers(longitude, ColumnKind.Decimal, Town.Values("home_lon").Select(v => v * scale)));
        Assert.IsEmpty(PointColumn.Find(table));
    }

    private static ITabularModel Fit(string method) => method == "autoregressive" ? AutoregressiveTests.Fit(Town, steps: 200) : Methods.Fit(method, Town);

    private static Table Draw(ITabularModel model, Dictionary<string, Condition> given) =>
        model.Sample(new SampleRequest { Rows = 200, Seed = 1, Given = given, ChunkRows = 200, FirstChunkRows = 200 }, CancellationToken.None).Single();

    /// <summary>A model's package with changed points, as somebody writes it who computes checksums anew.</summary>
    private static MemoryStream Forged(ITabularModel model, Action<JsonNode> change)
    {
        using var saved = AutoregressiveTests.Save(model);
        var package = ModelPackage.Open(saved);
        var entries = package.Manifest.Entries.Keys.ToDictionary(name => name, name => package[name]);
        var plan = JsonNode.Parse(entries["constraints.json"])!;
        change(plan["Transforms"]!.AsArray().Single(transform => (string?)transform!["transform"] == "point")!);
        entries["constraints.json"] = System.Text.Encoding.UTF8.GetBytes(plan.ToJsonString());
        var forged = new MemoryStream();
        ModelPackage.Write(
            forged, package.Manifest.Method, package.Manifest.Schema, package.Manifest.Facts, package.Manifest.Metrics, entries, model.Privacy);
        forged.Position = 0;
        return forged;
    }

    private static double Distance(double x, double y) => Math.Sqrt((x - East) * (x - East) + (y - North) * (y - North));

    private static Table MakeTown(int rows)
    {
        var random = new SeededStream(3, StreamPurpose.Codec, 77);
        double[] y = new double[rows], x = new double[rows];
        var village = new string?[rows];
        for (var row = 0; row < rows; row++)
        {
            var (angle, distance) = (2 * Math.PI * random.NextDouble(), Shore + (Edge - Shore) * random.NextDouble());
            var tower = random.NextDouble() < 0.1;
            y[row] = tower ? North + 0.11 : Math.Round(North + distance * Math.Sin(angle), 5);
            x[row] = tower ? East : Math.Round(East + distance * Math.Cos(angle), 5);
            village[row] = y[row] > North ? "upper" : "lower";
            if (random.NextDouble() < 0.05) (y[row], x[row]) = (double.NaN, double.NaN);
        }

        return TestTables.Make(
            TestTables.Numbers("home_lat", ColumnKind.Decimal, y, 5), TestTables.Numbers("home_lon", ColumnKind.Decimal, x, 5),
            TestTables.Coded("village", ColumnKind.Categorical, village));
    }
}
