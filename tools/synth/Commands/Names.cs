using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf;

namespace SynthStudio.Cli.Commands;

/// <summary>Resources and states as text.</summary>
internal static partial class Names
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithIndentation());

    /// <summary>The last part of a resource name.</summary>
    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary><c>NotReady</c> becomes <c>not ready</c>.</summary>
    public static string Of(Enum state) => WordStart().Replace(state.ToString(), " ").ToLowerInvariant();

    /// <summary>How something deleted is described that can be brought back.</summary>
    public static string DeletedUntil(Google.Protobuf.WellKnownTypes.Timestamp purge) => string.Create(CultureInfo.InvariantCulture, $"deleted, until {purge.ToDateTimeOffset():yyyy-MM-dd HH:mm} it can be brought back");

    public static string Json(IMessage message) => Formatter.Format(message);

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
