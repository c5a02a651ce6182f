namespace SynthStudio.Evidence.Documents;

/// <summary>A text for people, before it has a form: sections of blocks. Renderers make HTML, Markdown, …, of it; none of them adds a word.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Sections">In order.</param>
public sealed record Document(string Title, IReadOnlyList<Section> Sections);

/// <summary>A part of a document.</summary>
/// <param name="Title">Its heading; empty for what stands before the first one.</param>
/// <param name="Blocks">In order.</param>
public sealed record Section(string Title, IReadOnlyList<Block> Blocks);

/// <summary>Something in a section.</summary>
public abstract record Block;

/// <summary>A heading below the section's.</summary>
/// <param name="Text">The heading.</param>
/// <param name="Badge">A word beside it, for example how a control stands; null for none.</param>
public sealed record Heading(string Text, Cell? Badge = null) : Block;

/// <summary>Words.</summary>
/// <param name="Text">The words.</param>
/// <param name="Tone">Says that it is a note to be seen.</param>
public sealed record Paragraph(string Text, Tone Tone = Tone.Plain) : Block;

/// <summary>A list.</summary>
/// <param name="Items">The items.</param>
/// <param name="IsToFillIn">Whether each is a question with room for an answer.</param>
public sealed record Bullets(IReadOnlyList<string> Items, bool IsToFillIn = false) : Block;

/// <summary>A table.</summary>
/// <param name="Columns">Headings; empty ones for a table of names and values.</param>
/// <param name="Rows">A cell a column.</param>
/// <param name="Widths">Shares of the columns in per cent, where the form has widths; null leaves it to the form.</param>
public sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, IReadOnlyList<int>? Widths = null) : Block
{
    /// <summary>A table of names and values.</summary>
    public static Table OfNames(IEnumerable<(string Name, string Value)> rows) => new([], [.. rows.Select(row => (IReadOnlyList<Cell>)[row.Name, row.Value])]);
}

/// <summary>A picture.</summary>
/// <param name="Svg">Made here, without scripts and references.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Lines">The same in words, for forms without pictures and for who does not see them.</param>
public sealed record Figure(string Svg, string Caption, IReadOnlyList<string> Lines) : Block;

/// <summary>Preformatted text.</summary>
public sealed record Code(string Text) : Block;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What stands in it.</param>
/// <param name="Tone">Whether it is good or bad news.</param>
public sealed record Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>Whether something is good or bad news. Words say it, too: colour alone would not be seen by everybody.</summary>
public enum Tone
{
    Plain,
    Good,
    Middling,
    Bad,
    Faint,
}
