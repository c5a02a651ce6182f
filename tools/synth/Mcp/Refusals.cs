using Google.Rpc;
using Grpc.Core;

namespace SynthStudio.Cli.Mcp;

/// <summary>What an assistant is told of a call that the server refused: no value of a real row may leave to whose model it is.</summary>
internal static class Refusals
{
    /// <summary>
    /// Reasons of the API itself, whose words are made of names of resources and columns, states, figures, and what the assistant sent. The
    /// words of all others, which tables, schemas and methods have too, may repeat a cell.
    /// </summary>
    private static readonly HashSet<string> InWords = new(StringComparer.Ordinal)
    {
        "INVALID_FIELD", "INVALID_NAME", "RESOURCE_NOT_FOUND", "RESOURCE_EXISTS", "STATE_FORBIDS",
        "PRIVACY_BUDGET_EXHAUSTED", "PRIVACY_BUDGET_NOT_SET", "PRIVACY_LEDGER_UNSAFE", "OUTSIDE_GUARANTEE", "DATASET_WITHHELD",
        "DIRECT_IDENTIFIER_MODELLED", "METHOD_NOT_PRIVATE", "METHOD_COPIES_ROWS", "REAL_ROWS_FORBIDDEN", "ROLE_TOO_LOW", "SCOPE_TOO_LOW",
        "CREDENTIALS_MISSING", "CREDENTIALS_INVALID", "RATE_LIMITED", "QUOTA_EXCEEDED", "FEATURE_OFF", "NOT_AUDITED", "STORAGE_FULL",
        "STORAGE_UNAVAILABLE", "DATABASE_UNAVAILABLE", "CLUSTER_UNAVAILABLE",
    };

    /// <summary>The reason, with the server's words where they hold no values, else with the status and the fields at fault.</summary>
    public static string Describe(RpcException refused)
    {
        if (refused.GetRpcStatus() is not { } status || status.GetDetail<ErrorInfo>() is not { } info)
        {
            var what = refused.StatusCode == StatusCode.Unavailable ? "The server cannot be reached." : "The server gave no reason.";
            return $"{refused.StatusCode}: {what}";
        }

        if (InWords.Contains(info.Reason)) return $"{info.Reason}: {refused.Status.Detail}";
        List<string> fields = [.. status.GetDetail<BadRequest>()?.FieldViolations.Select(violation => violation.Field).Distinct() ?? []];
        var named = fields.Count == 0 ? "" : $", in {string.Join(", ", fields)}";
        return $"{info.Reason} ({refused.StatusCode}){named}. The server's words may repeat values of a table and are left out here.";
    }
}
