using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace SynthStudio.Cli.Outcome;

/// <summary>Says in plain words what is wrong with a command line.</summary>
internal static partial class ParseMessages
{
    public static string Describe(ParseError error)
    {
        var match = WrongType().Match(error.Message);
        if (!match.Success)
        {
            return error.Message;
        }

        var wanted = match.Groups["type"].Value switch
        {
            var t when t.Contains("Int64", StringComparison.Ordinal) || t.Contains("Int32", StringComparison.Ordinal) => "a whole number",
            var t when t.Contains("Double", StringComparison.Ordinal) => "a number",
            _ => "what it should be",
        };
        return $"{match.Groups["name"].Value}: \"{match.Groups["value"].Value}\" is not {wanted}.";
    }

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (option|command|argument) '(?<name>[^']*)' as expected type '(?<type>.*)'")]
    private static partial Regex WrongType();
}
