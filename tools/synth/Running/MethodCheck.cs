using System.Globalization;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>
/// Checks a method and its options by what the server tells of them, so that nobody waits for an upload to learn of a slip. The server
/// checks again.
/// </summary>
internal static class MethodCheck
{
    /// <exception cref="BadInputException">The server has no such method, or the method no such option or value; all that is wrong is named.</exception>
    /// <exception cref="IOException">The server has no methods at all.</exception>
    public static async Task RunAsync(SynthClient client, string name, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var info = await client.Server.GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: cancellation);
        if (info.Methods.Count == 0)
        {
            throw new IOException(info.MethodsProblem);
        }

        var method = name.Length == 0 ? info.Methods[0] : info.Methods.FirstOrDefault(m => m.Name == name)
            ?? throw new BadInputException($"--method: {name} is not one of {string.Join(", ", info.Methods.Select(m => m.Name))}.");
        var problems = options.Select(o => Problem(method, o.Key, o.Value)).OfType<string>().ToList();
        if (problems.Count > 0)
        {
            throw new BadInputException(string.Join(' ', problems));
        }
    }

    private static string? Problem(Method method, string name, string value)
    {
        if (method.Options.FirstOrDefault(o => o.Name == name) is { } option)
        {
            return Accepts(option, value) ? null : $"--option: {name} must be {option.Allowed}, not \"{value}\".";
        }

        return method.Options.Count == 0
            ? $"--option: {method.Name} has no options."
            : $"--option: {name} is not an option of {method.Name}; it has {string.Join(", ", method.Options.Select(o => o.Name))}.";
    }

    private static bool Accepts(MethodOption option, string value) => option.Kind switch
    {
        MethodOptionKind.Integer => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) && IsWithin(option, whole),
        MethodOptionKind.Number => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && IsWithin(option, number),
        MethodOptionKind.Flag => bool.TryParse(value, out _),
        MethodOptionKind.Choice => option.Choices.Contains(value),
        _ => true,
    };

    private static bool IsWithin(MethodOption option, double value) =>
        !double.IsNaN(value) && !(option.HasLeast && value < option.Least) && !(option.HasMost && value > option.Most);
}
