using System.Globalization;
using System.Net;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Reporting.Html;

/// <summary>Values as text in a page. Everything that comes from data goes through <see cref="Encode"/>.</summary>
internal static class HtmlText
{
    public const string None = "<span class=\"none\">not measured</span>";

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    public static string Number(double? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:0.000}") : None;

    public static string Percent(double? share, int decimals = 1) =>
        share is { } value ? (100 * value).ToString("F" + decimals, CultureInfo.InvariantCulture) + "\u00a0%" : None;

    public static string Count(long? value) => value is { } number ? number.ToString("N0", CultureInfo.InvariantCulture) : None;

    public static string Interval(Estimate? estimate) => estimate is null ? None
        : string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:0.000} <span class=\"interval\">({estimate.Low:0.000}–{estimate.High:0.000})</span>");

    public static string PercentInterval(Estimate? estimate) => estimate is null ? None
        : string.Create(CultureInfo.InvariantCulture, $"{100 * estimate.Value:0.0}\u00a0% <span class=\"interval\">({100 * estimate.Low:0.0}–{100 * estimate.High:0.0})</span>");

    public static string PValue(double value) => value < 0.0001 ? "&lt; 0.0001" : string.Create(CultureInfo.InvariantCulture, $"{value:0.0000}");

    /// <summary>A coordinate, short.</summary>
    public static string At(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>A term that leads to its definition.</summary>
    public static string Term(string text, string definition) => $"<a class=\"term\" href=\"#def-{definition}\">{Encode(text)}</a>";
}
