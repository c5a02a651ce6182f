using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Points;

/// <summary>
/// Latitude and longitude, learned as one number: the box that a point lies in, and its place there. Columns that are learned one by one would
/// put points where none are, into water and between cities; boxes hold points only.
/// </summary>
/// <param name="latitude">The column of latitudes.</param>
/// <param name="longitude">The column of longitudes.</param>
/// <param name="boxes">The boxes.</param>
/// <param name="frame">Where points may lie: the most extreme ones are protected.</param>
[method: JsonConstructor]
internal sealed class PointColumn(ColumnSchema latitude, ColumnSchema longitude, PointBoxes boxes, PointBox frame) : TableTransform
{
    /// <summary>With fewer points there are no boxes to speak of.</summary>
    private const int FewestPoints = 200;

    /// <summary>A coordinate is left out at each end, as often as a value needs to be shown.</summary>
    private const int ProtectedPoints = 7;

    /// <summary>Rows that may lack one of the two; they lack both then.</summary>
    private const double MostHalves = 1e-3;

    public ColumnSchema Latitude { get; } = StoredParts.Column(latitude);

    public ColumnSchema Longitude { get; } = StoredParts.Column(longitude);

    public PointBoxes Boxes { get; } = boxes ?? throw new JsonException("There are no boxes of points.");

    public PointBox Frame { get; } =
        frame.Left <= frame.Right && frame.Bottom <= frame.Top ? frame : throw new JsonException("The frame of points has no inside.");

    private ColumnSchema Schema => new() { Name = $"{Latitude.Name} & {Longitude.Name}", Kind = ColumnKind.Decimal, Nullable = Latitude.Nullable || Longitude.Nullable };

    /// <summary>Whether a column is one of the two.</summary>
    public bool Has(string name) => name == Latitude.Name || name == Longitude.Name;

    /// <summary>The points of a table, by names and ranges; those of the target or of a rule are left as they are.</summary>
    public static IEnumerable<PointColumn> Find(Table table)
    {
        foreach (var (latitude, longitude) in CoordinatePairs.Find(table.Schema))
        {
            if (table.Schema.Target == latitude || table.Schema.Target == longitude) continue;
            if (table.Schema.Constraints.Any(rule => rule.Columns.Contains(latitude) || rule.Columns.Contains(longitude))) continue;
            if (Fit((NumericColumn)table[latitude], (NumericColumn)table[longitude]) is { } points) yield return points;
        }
    }

    /// <summary>Whether so many rows may lack one of the two.</summary>
    public static bool MayLack(long halves, long rows) => halves <= MostHalves * rows;

    /// <summary>Whether no place on the earth has these degrees of longitude and latitude.</summary>
    public static bool IsBeyond(double x, double y) => Math.Abs(y) > 90 || Math.Abs(x) > 180;

    [JsonIgnore]
    public override string? LearnedAs => Schema.Name;

    public override string NameOf(string column) => !Has(column) ? column : throw InAnotherForm(column, "as a part of a point");

    public override Table Forward(Table table)
    {
        double[] y = ((NumericColumn)table[Latitude.Name]).Values, x = ((NumericColumn)table[Longitude.Name]).Values;
        var places = new double[x.Length];
        for (var row = 0; row < places.Length; row++) places[row] = PlaceOf(x[row], y[row]);
        return With(table, table.Columns.Where(c => c.Name != Latitude.Name && c.Name != Longitude.Name).Append(new NumericColumn(Schema, places)));
    }

    public override Table Backward(Table drawn)
    {
        var places = ((NumericColumn)drawn[Schema.Name]).Values;
        double[] x = new double[places.Length], y = new double[places.Length];
        for (var row = 0; row < places.Length; row++)
        {
            if (double.IsNaN(places[row]))
            {
                (x[row], y[row]) = (double.NaN, double.NaN);
                continue;
            }

            var box = Math.Clamp((int)places[row], 0, Boxes.Boxes.Length - 1);
            var (left, bottom) = Boxes.Boxes[box].PointAt(places[row] - box);
            (x[row], y[row]) = (Math.Clamp(left, Frame.Left, Frame.Right), Math.Clamp(bottom, Frame.Bottom, Frame.Top));
        }

        NumericColumn latitudes = new(Latitude, y), longitudes = new(Longitude, x);
        return With(drawn, [
            .. drawn.Columns.Where(column => column.Name != Schema.Name),
            new NumericColumn(Latitude, Written(latitudes)), new NumericColumn(Longitude, Written(longitudes)),
        ]);
    }

    /// <summary>A point of which half is missing is not known.</summary>
    public override (Table Rows, bool[]? Unknown) Read(Table table, bool toFill)
    {
        if (!Has(table, Latitude.Name, Longitude.Name)) return (Without(table, Latitude.Name, Longitude.Name), null);
        double[] y = Numbers(table, Latitude.Name), x = Numbers(table, Longitude.Name);
        var unknown = Array.ConvertAll([.. Enumerable.Range(0, x.Length)], row => double.IsNaN(x[row]) != double.IsNaN(y[row]));
        return (Forward(table), unknown.Contains(true) ? unknown : null);
    }

    /// <summary>Ranges leave the parts of boxes that they touch, and drawn points are checked; single points are given by both coordinates.</summary>
    public override void Translate(AskedConditions asked)
    {
        Condition? y = asked.Take(Latitude.Name), x = asked.Take(Longitude.Name);
        if (x is ValuesCondition { Values: [{ } east] } && y is ValuesCondition { Values: [{ } north] })
        {
            asked.Add(Schema, Condition.Is(Text(Within(ConditionNumbers.Read(Longitude, east), ConditionNumbers.Read(Latitude, north)))));
            return;
        }

        foreach (var (column, condition) in new[] { (Latitude, y), (Longitude, x) })
        {
            switch (condition)
            {
                case null:
                    break;
                case ValuesCondition { Values: [null] } or NotMissingCondition:
                    asked.Add(Schema, condition);
                    break;
                case RangeCondition:
                    asked.Check(column.Name, condition);
                    break;
                default:
                    throw new SynthesisException(
                        SynthesisError.ImpossibleCondition,
                        $"Columns '{Latitude.Name}' and '{Longitude.Name}' are drawn together as points: give one value of each, or ranges.",
                        column.Name);
            }
        }

        if (x is RangeCondition || y is RangeCondition) asked.Add(Schema, Touched(x as RangeCondition, y as RangeCondition));
    }

    private static PointColumn? Fit(NumericColumn latitude, NumericColumn longitude)
    {
        double[] y = latitude.Values, x = longitude.Values;
        var halves = Enumerable.Range(0, x.Length).Count(row => double.IsNaN(x[row]) != double.IsNaN(y[row]));
        var both = Enumerable.Range(0, x.Length).Where(row => !double.IsNaN(x[row]) && !double.IsNaN(y[row])).ToArray();
        if (!MayLack(halves, x.Length) || both.Length < FewestPoints) return null;
        (x, y) = (Array.ConvertAll(both, row => x[row]), Array.ConvertAll(both, row => y[row]));
        if (Enumerable.Range(0, x.Length).Any(row => IsBeyond(x[row], y[row]))) return null;
        double[] sortedX = [.. x.Order()], sortedY = [.. y.Order()];
        var frame = new PointBox(
            sortedX[ProtectedPoints - 1], sortedX[^ProtectedPoints], sortedY[ProtectedPoints - 1], sortedY[^ProtectedPoints]);
        return frame.Left < frame.Right && frame.Bottom < frame.Top
            ? new PointColumn(
                latitude.Schema, longitude.Schema,
                PointBoxes.Fit(
                    Array.ConvertAll(x, v => Math.Clamp(v, frame.Left, frame.Right)),
                    Array.ConvertAll(y, v => Math.Clamp(v, frame.Bottom, frame.Top))),
                frame)
            : null;
    }

    private double PlaceOf(double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        (x, y) = (Math.Clamp(x, Frame.Left, Frame.Right), Math.Clamp(y, Frame.Bottom, Frame.Top));
        var box = Boxes.BoxOf(x, y);
        return box + Boxes.Boxes[box].PlaceOf(x, y);
    }

    /// <summary>The place of a point that is given.</summary>
    /// <exception cref="SynthesisException">It lies beyond the points that are drawn.</exception>
    private double Within(double x, double y) => x >= Frame.Left && x <= Frame.Right && y >= Frame.Bottom && y <= Frame.Top ? PlaceOf(x, y) : throw NoPoints();

    /// <summary>The places that have points in the ranges.</summary>
    private RangesCondition Touched(RangeCondition? x, RangeCondition? y)
    {
        var (left, right) = ConditionNumbers.Ends(Longitude, x);
        var (bottom, top) = ConditionNumbers.Ends(Latitude, y);
        var places = PlacesWithin.Of(Boxes.Boxes, Frame, new PointBox(left, right, bottom, top), Rounding(Longitude), Rounding(Latitude));
        return places.Count > 0 ? new RangesCondition(places) : throw NoPoints();
    }

    private static double Rounding(ColumnSchema column) => column.DecimalPlaces is { } places ? 0.5 * Math.Pow(10, -places) : 0;

    private SynthesisException NoPoints() => new(
        SynthesisError.ImpossibleCondition, $"There are no points in the range given of '{Latitude.Name}' and '{Longitude.Name}'.", Latitude.Name);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
