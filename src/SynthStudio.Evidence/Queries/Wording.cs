using System.Globalization;

namespace SynthStudio.Evidence.Queries;

/// <summary>Numbers and lists in sentences.</summary>
internal static class Wording
{
    private const int MostNamed = 8;

    /// <summary><c>1 owner</c>, <c>3 owners</c>.</summary>
    public static string Count(long number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : many ?? one + "s")}");

    /// <summary>At most eight of them, and how many more there are.</summary>
    public static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count <= MostNamed ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MostNamed))} and {all.Count - MostNamed} more";
    }

    /// <summary>The last part of a resource name.</summary>
    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (100 * share).ToString("G3", CultureInfo.InvariantCulture) + " %";

    public static string Time(TimeSpan time) => time.TotalDays >= 1 ? Count((long)Math.Round(time.TotalDays), "day")
        : time.TotalHours >= 1 ? Count((long)Math.Round(time.TotalHours), "hour")
        : Count((long)Math.Round(time.TotalMinutes), "minute");
}
