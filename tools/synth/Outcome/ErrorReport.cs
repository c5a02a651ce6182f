using Grpc.Core;
using SynthStudio.Hosting;

namespace SynthStudio.Cli.Outcome;

/// <summary>Turns what went wrong into one line on standard error and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Fields of requests that users know by the option that fills them.</summary>
    private static readonly (string Field, string Option)[] ByOption =
    [
        ("generator.method", "--method"),
        ("generator.options", "--option"),
        ("generator.max_time", "--max-time"),
        ("generator.privacy_terms.epsilon", "--epsilon"),
        ("generator.privacy_terms.delta", "--delta"),
        ("generator.privacy_terms.rows", "--rows-declared"),
        ("generator.privacy_terms.unit_column", "--unit"),
        ("generator.privacy_terms.max_rows_per_unit", "--max-rows-per-unit"),
        ("generator.privacy_terms.part", "--part"),
        ("partition.parts", "--part"),
        ("partition.buckets", "--buckets"),
        ("partition.column", "--column"),
        ("synthetic_dataset.rows", "--rows"),
        ("synthetic_dataset.given", "--given"),
        ("synthetic_dataset.temperature", "--temperature"),
        ("upload.schema_json", "--schema"),
    ];

    public static int Write(Exception exception, bool interrupted)
    {
        if (interrupted && exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            Console.Error.WriteLine("Cancelled.");
            return ExitCode.Interrupted;
        }

        var (code, message) = exception switch
        {
            BadInputException e => (ExitCode.BadInput, e.Message),
            JobFailedException e => (e.IsBadInput ? ExitCode.BadInput : ExitCode.Failed, e.Message),
            RpcException e => (IsBadInput(e.StatusCode) ? ExitCode.BadInput : ExitCode.Failed, Describe(e)),
            UnsoundFileException or UntrustedPackageException
                or UnhealthyGeneratorException or UnreadableSecretsException
                or IOException or UnauthorizedAccessException
                or ServerStartException or OperationCanceledException
                => (ExitCode.Failed, exception.Message),
            _ => (ExitCode.Failed, $"Unexpected error: {exception.Message} ({exception.GetType().Name})"),
        };
        Console.Error.WriteLine("synth: " + ControlCharacters.Escape(message.ReplaceLineEndings(" "))); // It may name a column of somebody else's file.
        if (Environment.GetEnvironmentVariable("SYNTHSTUDIO_TRACE") is { Length: > 0 })
        {
            Console.Error.WriteLine(exception);
        }

        return code;
    }

    /// <summary>Why the server refused; empty where it did not say.</summary>
    public static string Reason(RpcException e) => e.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason ?? "";

    private static bool IsBadInput(StatusCode status) => status
        is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition
        or StatusCode.OutOfRange or StatusCode.PermissionDenied or StatusCode.Unauthenticated;

    private static string Describe(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable when e.Trailers.Get("grpc-status-details-bin") is null => $"The server cannot be reached: {e.Status.Detail}",
        StatusCode.Unauthenticated when Reason(e) is "CREDENTIALS_MISSING" or "CREDENTIALS_INVALID" && e.Status.Detail.Contains("API key", StringComparison.Ordinal) => $"The server does not accept the API key (--api-key, SYNTHSTUDIO_API_KEY or --key-file): {e.Status.Detail}",
        _ => ByOption.Aggregate(e.Status.Detail, (text, name) => text.Replace(name.Field, name.Option, StringComparison.Ordinal)),
    };
}
