namespace SynthStudio.Tabular;

/// <summary>A piece of a parsed expression, with the place (0-based) where it stands in the text.</summary>
internal abstract record ExpressionNode(int At);

internal sealed record NumberNode(double Value, int At) : ExpressionNode(At);

internal sealed record TextNode(string Value, int At) : ExpressionNode(At);

internal sealed record TruthNode(bool Value, int At) : ExpressionNode(At);

/// <summary>The missing value.</summary>
internal sealed record NullNode(int At) : ExpressionNode(At);

internal sealed record ColumnNode(string Name, int At) : ExpressionNode(At);

/// <summary><c>-</c> or <c>not</c> before a value.</summary>
internal sealed record UnaryNode(string Operator, ExpressionNode Operand, int At) : ExpressionNode(At);

internal sealed record BinaryNode(string Operator, ExpressionNode Left, ExpressionNode Right, int At) : ExpressionNode(At);

/// <summary><c>value in (a, b, c)</c>.</summary>
internal sealed record InNode(ExpressionNode Value, IReadOnlyList<ExpressionNode> Choices, int At) : ExpressionNode(At);

internal sealed record CallNode(string Function, IReadOnlyList<ExpressionNode> Arguments, int At) : ExpressionNode(At);
