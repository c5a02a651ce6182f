using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Places in an order, spelled as the categories that stand there.</summary>
internal sealed class OrderSpelling : ISpelling
{
    private readonly byte[][] texts;

    public OrderSpelling(CategoryOrder order)
    {
        texts = [.. order.Categories.Select(Encoding.UTF8.GetBytes)];
        MostBytes = texts.Max(text => text.Length);
        Pattern = order.ToString();
    }

    public string Pattern { get; }

    public int MostBytes { get; }

    public bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        for (var rank = 0; rank < texts.Length; rank++)
        {
            if (text.SequenceEqual(texts[rank]))
            {
                value = rank;
                return true;
            }
        }

        value = double.NaN;
        return false;
    }

    public int Write(Span<byte> target, double value)
    {
        var text = texts[Math.Clamp((int)Math.Round(value), 0, texts.Length - 1)];
        text.CopyTo(target);
        return text.Length;
    }
}
