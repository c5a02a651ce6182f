using System.Globalization;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>From a table to synthetic rows through a served process, its grains and a real worker.</summary>
[TestClass]
public sealed class WholePathTests
{
    [TestMethod]
    public async Task A_table_goes_in_and_rows_that_look_like_it_come_out()
    {
        using var folder = new TemporaryFolder();
        var server = await ServedProcess.SharedAsync();
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();

        // Of 2,000 rows on the network is four times as wide and makes more than twice as many steps.
        var dataset = await studio.UploadAsync(project, SampleTable.Write(folder["people.csv"], rows: 1900));
        Assert.AreEqual(DatasetState.Ready, dataset.State, dataset.Error?.Message);
        Assert.AreEqual(1900, dataset.RowCount);
        Assert.AreEqual(5, dataset.ColumnCount);

        // Ends by itself, long before: how much a busy machine learns in a few seconds is nobody's promise.
        var generator = await studio.TrainAsync(project, dataset.Name, TimeSpan.FromMinutes(5));
        var events = await studio.WatchAsync(generator.Name).ToListAsync();
        CollectionAssert.AreEqual(Enumerable.Range(1, events.Count).Select(i => (long)i).ToList(), events.Select(e => e.Sequence).ToList());
        Assert.IsTrue(events.Exists(e => e.Metrics.ContainsKey("validation_loss")), "No loss was reported.");

        generator = await studio.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = generator.Name });
        Assert.AreEqual(GeneratorState.Ready, generator.State, generator.Training?.Error?.Message);
        Assert.IsFalse(generator.Privacy.Guaranteed, "This method promises nothing.");

        var rows = Parse(await studio.DrawAsync(project, generator.Name, rows: 1500, seed: 7));
        Assert.AreEqual("age,city,income,member,since", string.Join(',', rows[0]));
        Assert.HasCount(1501, rows);
        var ages = rows.Skip(1).Select(r => int.Parse(r[0], CultureInfo.InvariantCulture)).ToList();
        Assert.IsTrue(ages.All(a => a is >= 18 and <= 78), "Ages leave the range of the table.");
        Assert.IsTrue(rows.Skip(1).All(r => r[1] is "Graz" or "Linz" or "Wien" or "Bregenz" && r[3] is "yes" or "no"));
        Assert.IsTrue(rows.Skip(1).All(r => DateOnly.TryParseExact(r[4], "yyyy-MM-dd", out _)), "Dates lost their format.");

        // Income rises with age in the table (correlation .7), so it must in what the model draws; independent columns would have about 0.
        var known = rows.Skip(1).Where(r => r[2].Length > 0).ToList();
        Assert.IsGreaterThan(0.4, Correlation(
            known.Select(r => double.Parse(r[0], CultureInfo.InvariantCulture)),
            known.Select(r => double.Parse(r[2], CultureInfo.InvariantCulture))));

        Assert.AreEqual(
            await studio.DrawAsync(project, generator.Name, rows: 300, seed: 7), await studio.DrawAsync(project, generator.Name, rows: 300, seed: 7),
            "Equal seeds must draw equal rows.");
    }

    private static List<string[]> Parse(string csv) =>
        [.. csv.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r').Split(','))];

    private static double Correlation(IEnumerable<double> xs, IEnumerable<double> ys)
    {
        var pairs = xs.Zip(ys).ToList();
        var (mx, my) = (pairs.Average(p => p.First), pairs.Average(p => p.Second));
        var covariance = pairs.Sum(p => (p.First - mx) * (p.Second - my));
        return covariance / Math.Sqrt(pairs.Sum(p => Math.Pow(p.First - mx, 2)) * pairs.Sum(p => Math.Pow(p.Second - my, 2)));
    }
}
