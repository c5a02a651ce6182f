using System.Text.Json;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>
/// A report as what a job hands over: both forms, the page also without values of real rows, and the headline figures by the names they
/// have in it, with intervals and ceilings. Every member reads the headline figures: counts are told in fives among them, and averages no
/// finer than five rows make them.
/// </summary>
internal static class ReportFiles
{
    /// <summary>Writes the report's files into the scratch folder and adds them and the figures to the job's result.</summary>
    public static void Write(JobContext context, EvaluationReport report, Completed completed)
    {
        var (path, page, guarded) = (context.Scratch("report.json"), context.Scratch("report.html"), context.Scratch("report_guarded.html"));
        File.WriteAllText(path, report.ToJson());
        File.WriteAllText(page, report.ToHtml());
        File.WriteAllText(guarded, report.WithoutValues().ToHtml());
        completed.Artifacts.Add(new Artifact { Role = "report", Path = path, MediaType = "application/json" });
        completed.Artifacts.Add(new Artifact { Role = "report_html", Path = page, MediaType = "text/html" });
        completed.Artifacts.Add(new Artifact { Role = "report_guarded_html", Path = guarded, MediaType = "text/html" }); // For those who may not see real rows.
        var told = report.WithCountsInFives();
        foreach (var (name, value) in Headlines(told.Metrics))
        {
            completed.Metrics[name] = value;
        }

        foreach (var (name, interval) in told.Intervals)
        {
            completed.Metrics[name + "_low"] = interval.Low;
            completed.Metrics[name + "_high"] = interval.High;
        }

        if (told.Ceiling is { } ceiling)
        {
            foreach (var (name, value) in Headlines(ceiling))
            {
                completed.Metrics[name + "_ceiling"] = value;
            }
        }
    }

    private static IEnumerable<(string Name, double Value)> Headlines(Scores scores) =>
        from property in typeof(Scores).GetProperties()
        where property.PropertyType == typeof(double?)
        let value = (double?)property.GetValue(scores)
        where value is not null
        select (JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), value.Value);
}
