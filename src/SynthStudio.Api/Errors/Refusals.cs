using Google.Rpc;

namespace SynthStudio.Api.Errors;

/// <summary>What a language model is told of a call that the server refused: no value of a real row may leave to whoever runs it.</summary>
public static class Refusals
{
    /// <summary>
    /// Reasons of the API itself, whose words are made of names of resources, columns and hosts, states, figures, and what the caller sent.
    /// The words of all others, which tables, schemas and methods have too, may repeat a cell.
    /// </summary>
    private static readonly HashSet<string> InWords = new(StringComparer.Ordinal)
    {
        ErrorReasons.InvalidField, ErrorReasons.InvalidName, ErrorReasons.NotFound, ErrorReasons.AlreadyExists, ErrorReasons.StateForbids,
        ErrorReasons.BudgetExhausted, ErrorReasons.BudgetNotSet, ErrorReasons.LedgerUnsafe, ErrorReasons.OutsideGuarantee,
        ErrorReasons.Withheld, ErrorReasons.IdentifierModelled, ErrorReasons.MethodNotPrivate, ErrorReasons.MethodCopiesRows, ErrorReasons.RealRowsForbidden,
        ErrorReasons.RoleTooLow, ErrorReasons.ScopeTooLow, ErrorReasons.OutsideProject, ErrorReasons.NoConsent,
        ErrorReasons.CredentialsMissing, ErrorReasons.CredentialsInvalid, ErrorReasons.RateLimited, ErrorReasons.QuotaExceeded,
        ErrorReasons.FeatureOff, ErrorReasons.NotAudited, ErrorReasons.StorageFull, ErrorReasons.StorageUnavailable,
        ErrorReasons.DatabaseUnavailable, ErrorReasons.ClusterUnavailable,
        MethodsUnknownException.WorkerMissing, MethodsUnknownException.WorkerBroken, MethodsUnknownException.NoComputeSilo,
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
