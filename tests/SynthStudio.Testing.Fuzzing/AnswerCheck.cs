using System.Text.RegularExpressions;
using Google.Rpc;
using Grpc.Core;

namespace SynthStudio.Testing.Fuzzing;

/// <summary>What every refusal must be: one of the codes that are a caller's business, with a reason, and nothing of the inside in it.</summary>
/// <param name="secrets">Texts that no answer may hold, for example the server's folder.</param>
public sealed partial class AnswerCheck(IReadOnlyList<string> secrets)
{
    /// <summary>
    /// Unavailable and data loss are faults of the server, but for these reasons: the last is said where no
    /// language model of others answers.
    /// </summary>
    private static readonly string[] CallersOwn = ["REQUEST_IN_PROGRESS", "CHUNK_CORRUPT", "CONTENT_MISMATCH", "ASSISTANT_UNAVAILABLE"];

    /// <summary>What is wrong with a refusal; null for nothing.</summary>
    public string? FaultOf(RpcException error)
    {
        var status = error.GetRpcStatus();
        if (status is null && error.StatusCode is StatusCode.DeadlineExceeded) return null; // The fuzzer's own deadline: it left before an answer came.
        if (status is null) return $"{error.StatusCode} without details: {error.Status.Detail}";
        if (status.GetDetail<ErrorInfo>() is not { Reason.Length: > 0, Domain.Length: > 0 } info) return $"{error.StatusCode} without a reason: {error.Status.Detail}";
        if (error.StatusCode is StatusCode.Unknown or StatusCode.Internal) return $"{error.StatusCode}, {info.Reason}: {error.Status.Detail}";
        if (error.StatusCode is StatusCode.Unavailable or StatusCode.DataLoss && !CallersOwn.Contains(info.Reason)) return $"{error.StatusCode}, {info.Reason}: {error.Status.Detail}";
        var said = $"{error.Status.Detail} {status}";
        if (Inside().Match(said) is { Success: true } leak) return $"'{leak.Value}' leaks in: {said}";
        return secrets.FirstOrDefault(secret => said.Contains(secret, StringComparison.Ordinal)) is { } told ? $"'{told}' leaks in: {said}" : null;
    }

    /// <summary>Stack frames, types of the runtime and of libraries, files of ours, statements of SQL.</summary>
    [GeneratedRegex(@"\bat [A-Z]\w+(\.\w+)+\(|\w+Exception\b|\.cs:line|(System|Microsoft|Google\.Protobuf|Npgsql|Orleans|SynthStudio)\.[A-Z]\w+|SQLite|SQLSTATE|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM) \w+|/(tmp|home|root|var)/\w")]
    private static partial Regex Inside();
}
