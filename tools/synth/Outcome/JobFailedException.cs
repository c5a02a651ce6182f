using SynthStudio.V1;

namespace SynthStudio.Cli.Outcome;

/// <summary>A job of the service failed.</summary>
internal sealed class JobFailedException(JobError error) : Exception(Describe(error))
{
    public bool IsBadInput { get; } = error.ErrorClass == JobErrorClass.User;

    private static string Describe(JobError error)
    {
        var place = (error.Subject.Length > 0, error.Row > 0) switch
        {
            (true, true) => $" (column or option {error.Subject}, row {error.Row})",
            (true, false) when !error.Message.Contains(error.Subject, StringComparison.Ordinal) => $" (column or option {error.Subject})",
            (false, true) when !NamesPlace(error.Message) => $" (row {error.Row})",
            _ => "",
        };
        return $"{error.Message}{place}";
    }

    private static bool NamesPlace(string message) =>
        message.Contains("row", StringComparison.OrdinalIgnoreCase) || message.Contains("line", StringComparison.OrdinalIgnoreCase);
}
