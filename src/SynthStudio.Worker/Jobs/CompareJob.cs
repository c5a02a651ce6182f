using System.Text.Json;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Lays reports of several synthetic tables side by side, as one page.</summary>
internal sealed class CompareJob(CompareOrder order) : IJob
{
    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        var reports = order.Reports.Select(report => (report.Name, Report: Read(report))).ToArray();
        var path = context.Scratch("comparison.html");
        File.WriteAllText(path, ReportComparison.ToHtml(reports));
        return new Completed
        {
            Artifacts = { new Artifact { Role = "comparison_html", Path = path, MediaType = "text/html" } },
            Metrics = { ["reports"] = reports.Length },
        };
    }

    private static EvaluationReport Read(NamedReport report)
    {
        try
        {
            return EvaluationReport.FromJson(File.ReadAllText(report.Path));
        }
        catch (JsonException broken)
        {
            throw new TableException(TableError.FileUnreadable, $"{report.Name} is not a report of synth evaluate: {broken.Message}");
        }
    }
}
