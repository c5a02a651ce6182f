using System.Text;
using System.Text.Json;
using Google.Api;
using Google.Protobuf;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>Gives reports out: whole to those whom the project's data policy names, cut to all others, and of withheld tables cut to everybody.</summary>
internal sealed class GuardedReports(RealRowGate gate, DatasetStore datasets, ColumnSensitivities sensitivities, ObjectTexts texts, Downloads downloads)
{
    /// <summary>The report as JSON, as the caller may see it.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: it is not there, or cannot be cut.</exception>
    public async Task<(string Json, bool IsGuarded)> ReadAsync(StoredReport report, ServerCallContext context)
    {
        var json = await texts.ReadAsync(report.Json ?? throw report.Missing("report"), context.CancellationToken);
        return await FindCutAsync(report, context) is { } cut ? (Guard(json, cut, report), true) : (json, false);
    }

    /// <summary>Sends the report as one file, as the caller may see it.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: it is not there, or cannot be cut.</exception>
    public async Task SendAsync(StoredReport report, V1.ReportFormat format, IMessage request, IServerStreamWriter<HttpBody> stream, ServerCallContext context)
    {
        var isJson = format == V1.ReportFormat.Json;
        var (name, mediaType) = ($"{ResourceName.Id(report.Subject)}.{(isJson ? "json" : "html")}", isJson ? MediaTypes.Json : MediaTypes.Html);
        var whole = (isJson ? report.Json : report.Page) ?? throw report.Missing(isJson ? "report" : "report as a page");
        if (await FindCutAsync(report, context) is not { } cut)
        {
            await downloads.SendAsync(
                [whole], mediaType, name, request, stream, context,
                demand: () => gate.DemandAsync(ResourceName.Root(report.Subject), context));
        }
        else if (isJson)
        {
            var guarded = Encoding.UTF8.GetBytes(Guard(await texts.ReadAsync(whole, context.CancellationToken), cut, report));
            await downloads.SendAsync((file, stop) => file.WriteAsync(guarded, stop).AsTask(), mediaType, name, request, stream, context);
        }
        else
        {
            // Nobody who made the page knew whether the crowds of the synthetic table are those of an uploaded one, which may be real.
            var page = cut.IsOfUpload ? null : report.GuardedPage;
            if (page is null)
            {
                throw ApiErrors.Precondition(
                    ErrorReasons.StateForbids, report.Subject,
                    $"The page of {report.Subject} holds what you may not see, and there is none without: it is of an uploaded table, or of an older version. Read the report as JSON, or have a new one made.");
            }

            await downloads.SendAsync([page], mediaType, name, request, stream, context);
        }
    }

    /// <summary>What is left out for the caller; null leaves nothing out.</summary>
    private async Task<ReportCut?> FindCutAsync(StoredReport report, ServerCallContext context)
    {
        var tables = new List<DatasetRecord?>();
        foreach (var name in report.Tables) tables.Add(await datasets.FindAnyAsync(name, context.CancellationToken));
        var isWithheld = tables.Exists(table => table is { Withheld: true });
        if (!isWithheld && await gate.MayAsync(ResourceName.Root(report.Subject), Caller.Of(context).User, context.CancellationToken)) return null;

        // Of a table that was not looked at, or is gone, nobody knows which columns tell of persons.
        if (tables.Exists(table => table is not { Withheld: false, Profile: not null })) return new ReportCut(null, report.IsOfUpload);
        var telling = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in tables) telling.UnionWith(await sensitivities.ListTellingAsync(table!, context.CancellationToken));
        return new ReportCut(telling, report.IsOfUpload);
    }

    private static string Guard(string json, ReportCut cut, StoredReport report)
    {
        try
        {
            return ReportGuard.Guard(json, cut);
        }
        catch (JsonException)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.StateForbids, report.Subject, $"The report of {report.Subject} is written so that what you may not see cannot be left out: have a new one made.");
        }
    }
}
