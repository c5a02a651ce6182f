using System.Numerics.Tensors;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Coverage;

/// <summary>
/// Rows as points: numbers as fractions of training's range and a mark where they are missing, categories one-hot. Of a column of many
/// categories those beyond the most frequent share one place.
/// </summary>
internal sealed class EuclideanRows
{
    private const int MostCategories = 100;

    private readonly NumberScale[] scales;
    private readonly double[] means;
    private readonly int[][] placeOfCode;
    private readonly int width;

    public EuclideanRows(EncodedTable train)
    {
        scales = NumberScale.OfAll(train);
        means = new double[scales.Length];
        placeOfCode = new int[scales.Length][];
        for (var column = 0; column < scales.Length; column++)
        {
            if (train.Columns[column].IsNumeric)
            {
                means[column] = train.PresentNumbers(column).Select(scales[column].Scale).DefaultIfEmpty(0).Average();
                width += 2;
            }
            else
            {
                placeOfCode[column] = Places(train, column);
                width += placeOfCode[column].Max() + 1;
            }
        }
    }

    /// <summary>One point a row.</summary>
    public float[][] Embed(EncodedTable table)
    {
        var points = new float[table.RowCount][];
        for (var row = 0; row < points.Length; row++)
        {
            var point = points[row] = new float[width];
            var at = 0;
            for (var column = 0; column < scales.Length; column++)
            {
                if (placeOfCode[column] is { } places)
                {
                    point[at + places[table.Codes(column)[row] + 1]] = 1;
                    at += places.Max() + 1;
                }
                else
                {
                    var value = table.Numbers(column)[row];
                    point[at] = (float)(double.IsNaN(value) ? means[column] : scales[column].Scale(value));
                    point[at + 1] = double.IsNaN(value) ? 1 : 0;
                    at += 2;
                }
            }
        }

        return points;
    }

    public static float SquaredDistance(float[] x, float[] y)
    {
        var distance = TensorPrimitives.Distance<float>(x, y);
        return distance * distance;
    }

    public static float[] Mean(float[][] points)
    {
        var sum = new float[points[0].Length];
        foreach (var point in points)
        {
            TensorPrimitives.Add(sum, point, sum);
        }

        TensorPrimitives.Divide(sum, points.Length, sum);
        return sum;
    }

    /// <summary>The place of each code, shifted by one so that missing comes first; the last place is that of all rarer ones.</summary>
    private static int[] Places(EncodedTable train, int column)
    {
        var counts = new int[train.Columns[column].Categories.Length + 1];
        foreach (var code in train.Codes(column))
        {
            counts[code + 1]++;
        }

        var places = new int[counts.Length];
        var next = 0;
        foreach (var code in Enumerable.Range(0, counts.Length).OrderByDescending(code => counts[code]))
        {
            places[code] = counts[code] > 0 && next < MostCategories ? next++ : MostCategories;
        }

        return Array.ConvertAll(places, place => place == MostCategories ? next : place);
    }
}
