using System.Globalization;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

/// <summary>The tables that predictions are written to.</summary>
[TestClass]
public sealed class PredictJobTests : IDisposable
{
    private const int Rows = 2_500;

    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task Every_row_has_its_probabilities_and_dates_are_spelled_as_they_were()
    {
        var path = tables.Write("visits.csv", "day,plan\n" + string.Concat(Enumerable.Range(0, Rows).Select(i =>
            $"{new DateTime(2024, 1, 1).AddDays(i * 7 % 300).ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)},{(i % 100 == 0 ? $"r{i}" : i % 3 == 0 ? "a" : "b")}\n")));
        var train = OrderBuilder.Train(tables, path, TimeSpan.FromSeconds(20));
        train.Train.Options["steps"] = "1";
        var trained = await WorkerRun.OfAsync(train);
        Assert.AreEqual(0, trained.ExitCode, trained.Errors);
        var model = trained.Completed.Artifacts.Single(a => a.Role == "model").Path;

        var plans = await PredictAsync(model, path, new PredictOrder { Column = "plan" });
        Assert.AreEqual("probability:a,probability:b,probability_other", plans[0]);
        Assert.HasCount(1 + Rows, plans);
        foreach (var row in plans.Skip(1)) Assert.AreEqual(1, row.Split(',').Sum(cell => double.Parse(cell, CultureInfo.InvariantCulture)), 1e-4);

        var days = await PredictAsync(model, path, new PredictOrder { Column = "day", Quantiles = { 0.5, 0.5 } });
        Assert.AreEqual("mean,quantile:0.5", days[0]);
        Assert.HasCount(1 + Rows, days);
        foreach (var row in days.Skip(1)) Assert.MatchesRegex(@"^\d\d\.\d\d\.2024,\d\d\.\d\d\.2024$", row);
    }

    private async Task<string[]> PredictAsync(string model, string path, PredictOrder predict)
    {
        (predict.Model, predict.Data) = (model, new DataFile { Path = path, FileName = Path.GetFileName(path) });
        var order = OrderBuilder.Generate(tables, model, 1);
        order.Predict = predict;
        var run = await WorkerRun.OfAsync(order);
        Assert.AreEqual(0, run.ExitCode, run.Errors);
        return File.ReadAllLines(run.Completed.Artifacts.Single().Path);
    }
}
