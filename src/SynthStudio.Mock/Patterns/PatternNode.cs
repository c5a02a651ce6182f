using System.Text;

namespace SynthStudio.Mock;

/// <summary>A piece of a pattern that can write a text of its own.</summary>
internal abstract class PatternNode
{
    public abstract void Append(StringBuilder text, ref CellRandom random);

    /// <summary>Characters at most.</summary>
    public abstract double MostLength { get; }
}

/// <summary>One of some characters.</summary>
internal sealed class CharacterNode(string characters) : PatternNode
{
    public override double MostLength => 1;

    public override void Append(StringBuilder text, ref CellRandom random) =>
        text.Append(characters.Length == 1 ? characters[0] : characters[random.NextInt(characters.Length)]);
}

/// <summary>Pieces one after the other.</summary>
internal sealed class SequenceNode(IReadOnlyList<PatternNode> pieces) : PatternNode
{
    public override double MostLength { get; } = pieces.Sum(piece => piece.MostLength);

    public override void Append(StringBuilder text, ref CellRandom random)
    {
        foreach (var piece in pieces)
        {
            piece.Append(text, ref random);
        }
    }
}

/// <summary>One of some pieces, each as likely.</summary>
internal sealed class ChoiceNode(IReadOnlyList<PatternNode> choices) : PatternNode
{
    public override double MostLength { get; } = choices.Max(choice => choice.MostLength);

    public override void Append(StringBuilder text, ref CellRandom random) => choices[random.NextInt(choices.Count)].Append(text, ref random);
}

/// <summary>A piece so many times.</summary>
internal sealed class RepeatNode(PatternNode piece, int least, int most) : PatternNode
{
    public override double MostLength { get; } = most * piece.MostLength;

    public override void Append(StringBuilder text, ref CellRandom random)
    {
        for (var left = least + (most > least ? random.NextInt(most - least + 1) : 0); left > 0; left--)
        {
            piece.Append(text, ref random);
        }
    }
}
