using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Reporting.Html.Charts;

/// <summary>Rates with their intervals on one line: training people, others, and guessing.</summary>
internal static class IntervalChart
{
    private const double Width = 220, Height = 22;

    public static string Draw(Estimate value, Estimate? control, Estimate? baseline) =>
        $"<svg class=\"rates\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"rates\"><path class=\"axis\" d=\"M0 {Height - 2}H{Width}\"/>"
        + Bar(baseline, 16, "baseline") + Bar(control, 11, "control") + Bar(value, 6, "attack") + "</svg>";

    private static string Bar(Estimate? rate, double y, string style) => rate is null ? ""
        : $"<g class=\"{style}\"><path d=\"M{X(rate.Low)} {HtmlText.At(y)}H{X(rate.High)}\"/><circle cx=\"{X(rate.Value)}\" cy=\"{HtmlText.At(y)}\" r=\"2.6\"/></g>";

    private static string X(double share) => HtmlText.At(3 + (Math.Clamp(share, 0, 1) * (Width - 6)));
}
