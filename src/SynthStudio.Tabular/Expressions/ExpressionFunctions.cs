using System.Globalization;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>The functions of formulas.</summary>
internal static class ExpressionFunctions
{
    private static readonly Dictionary<string, Func<double, double>> OfNumber = new(StringComparer.Ordinal)
    {
        ["abs"] = Math.Abs,
        ["floor"] = Math.Floor,
        ["ceil"] = Math.Ceiling,
        ["sqrt"] = x => x < 0 ? double.NaN : Math.Sqrt(x),
        ["exp"] = Math.Exp,
        ["log"] = x => x <= 0 ? double.NaN : Math.Log(x),
        ["days"] = x => x * 86400,
        ["hours"] = x => x * 3600,
        ["minutes"] = x => x * 60,
    };

    private static readonly Dictionary<string, Func<double, double>> OfMoment = new(StringComparer.Ordinal)
    {
        ["year"] = s => CivilCalendar.Date(DayOf(s)).Year,
        ["month"] = s => CivilCalendar.Date(DayOf(s)).Month,
        ["day"] = s => CivilCalendar.Date(DayOf(s)).Day,
        ["weekday"] = s => ((((DayOf(s) + 3) % 7) + 7) % 7) + 1,
        ["hour"] = s => Math.Floor((s - (DayOf(s) * 86400.0)) / 3600),
    };

    private static readonly string[] Signatures =
    [
        .. OfNumber.Keys.Select(f => $"{f}(number)"), .. OfMoment.Keys.Select(f => $"{f}(moment)"), "round(number, places)", "min(a, b, …)",
        "max(a, b, …)", "if(condition, then, else)", "coalesce(a, b, …)", "is_null(value)", "length(text)", "lower(text)", "upper(text)",
        "text(value)", "date('yyyy-MM-dd')",
    ];

    public static RowValues Call(CallNode call, RowValues[] arguments, string source)
    {
        switch (call.Function)
        {
            case { } f when OfNumber.TryGetValue(f, out var function):
                var number = One(ExpressionType.Number).Number;
                return RowValues.OfNumber(ExpressionType.Number, row => function(number(row)));
            case { } f when OfMoment.TryGetValue(f, out var part):
                var moment = One(ExpressionType.Moment).Number;
                return RowValues.OfNumber(ExpressionType.Number, row => moment(row) is var s && double.IsNaN(s) ? s : part(s));
            case "round" when arguments is [{ Type: ExpressionType.Number }] or [{ Type: ExpressionType.Number }, { Type: ExpressionType.Number }]:
                return Round(arguments[0].Number, arguments.Length == 1 ? static _ => 0 : arguments[1].Number);
            case "min" or "max" when arguments.Length > 0 && Array.TrueForAll(arguments, a => a.Type == arguments[0].Type && a.Type != ExpressionType.Text):
                Func<double, double, double> pick = call.Function == "min" ? Math.Min : Math.Max;
                return RowValues.OfNumber(arguments[0].Type, row =>
                    arguments.Skip(1).Aggregate(arguments[0].Number(row), (best, a) => pick(best, a.Number(row))));
            case "if" when arguments is [{ Type: ExpressionType.Truth } condition, var yes, var no] && SameType(yes, no, call) is { } type:
                return new RowValues(
                    type,
                    row => condition.Number(row) == 1 ? yes.Number(row) : no.Number(row),
                    row => condition.Number(row) == 1 ? yes.Text(row) : no.Text(row));
            case "coalesce" when arguments.Length > 0 && Array.TrueForAll(arguments, a => a.Type == arguments[0].Type):
                return new RowValues(
                    arguments[0].Type,
                    row => arguments.Select(a => a.Number(row)).FirstOrDefault(v => !double.IsNaN(v), double.NaN),
                    row => arguments.Select(a => a.Text(row)).FirstOrDefault(t => t is not null));
            case "is_null" when arguments is [var value]:
                return RowValues.OfNumber(ExpressionType.Truth, row => value.IsMissing(row) ? 1 : 0);
            case "length":
                var measured = One(ExpressionType.Text).Text;
                return RowValues.OfNumber(ExpressionType.Number, row => measured(row) is { } t ? t.EnumerateRunes().Count() : double.NaN);
            case "lower":
                var lowered = One(ExpressionType.Text).Text;
                return RowValues.OfText(row => lowered(row)?.ToLowerInvariant());
            case "upper":
                var raised = One(ExpressionType.Text).Text;
                return RowValues.OfText(row => raised(row)?.ToUpperInvariant());
            case "text" when arguments is [{ Type: ExpressionType.Number or ExpressionType.Text } shown]:
                return shown.Type == ExpressionType.Text
                    ? shown
                    : RowValues.OfText(row => shown.Number(row) is var v && double.IsNaN(v) ? null : v.ToString(CultureInfo.InvariantCulture));
            case "date" when call.Arguments is [TextNode literal]:
                return IsoMoments.TryRead(Encoding.UTF8.GetBytes(literal.Value), ExpressionType.Moment, out var seconds)
                    ? RowValues.OfNumber(ExpressionType.Moment, _ => seconds)
                    : throw ExpressionParser.Wrong(source, literal.At, $"'{literal.Value}' is no date such as 2024-12-31");
            default:
                var known = Signatures.FirstOrDefault(s => s.StartsWith(call.Function + "(", StringComparison.Ordinal));
                throw ExpressionParser.Wrong(source, call.At, known is null
                    ? $"there is no function '{call.Function}'; there is: {string.Join(", ", Signatures)}"
                    : $"the function is used as {known}");
        }

        RowValues One(ExpressionType type) => arguments.Length == 1 && arguments[0].Type == type
            ? arguments[0]
            : throw ExpressionParser.Wrong(
                source, call.At, $"the function is used as {Signatures.First(s => s.StartsWith(call.Function + "(", StringComparison.Ordinal))}");
    }

    // A null has no type of its own.
    private static ExpressionType? SameType(RowValues yes, RowValues no, CallNode call) =>
        yes.Type == no.Type || call.Arguments[2] is NullNode ? yes.Type : call.Arguments[1] is NullNode ? no.Type : null;

    private static RowValues Round(Func<int, double> number, Func<int, double> places) => RowValues.OfNumber(
        ExpressionType.Number, row => Math.Round(number(row), (int)Math.Clamp(places(row), 0, NumberText.MaximumPlaces), MidpointRounding.AwayFromZero));

    private static long DayOf(double seconds) => (long)Math.Floor(seconds / CivilCalendar.SecondsPerDay);
}
