using System.Text.Json;
using SynthStudio.Cli.Outcome;

namespace SynthStudio.Cli.Commands;

/// <summary>Checks files named on the command line before anything is started.</summary>
internal static class InputFiles
{
    /// <exception cref="BadInputException">There is no such file, it is empty, or it may not be read.</exception>
    public static FileInfo Table(string option, FileInfo file)
    {
        if (Directory.Exists(file.FullName))
        {
            throw new BadInputException($"{option}: {file} is a folder; name a file.");
        }

        if (!file.Exists)
        {
            throw new BadInputException($"{option}: {file} does not exist.");
        }

        if (file.Length == 0)
        {
            throw new BadInputException($"{option}: {file} is empty.");
        }

        try
        {
            using var opened = file.OpenRead();
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{option}: {file} cannot be read: {e.Message}");
        }
    }

    /// <summary>The text of a schema file, or null when none was named.</summary>
    /// <exception cref="BadInputException">There is no such file, or it is not a JSON object.</exception>
    public static string? Schema(FileInfo? file)
    {
        if (file is null)
        {
            return null;
        }

        var text = File.ReadAllText(Table("--schema", file).FullName);
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? text
                : throw new BadInputException($"--schema: {file} must hold a JSON object.");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"--schema: {file} is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
    }

    /// <summary>The folder, made when it does not exist.</summary>
    /// <exception cref="BadInputException">It is a file, or cannot be made.</exception>
    public static DirectoryInfo OutputFolder(string option, DirectoryInfo folder)
    {
        if (File.Exists(folder.FullName))
        {
            throw new BadInputException($"{option}: {folder} is a file; name a folder.");
        }

        try
        {
            folder.Create();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{option}: {folder} cannot be made: {e.Message}");
        }
    }

    /// <summary>A file to be written, in a folder that is made when it does not exist.</summary>
    /// <exception cref="BadInputException">It is a folder, or its folder cannot be made.</exception>
    public static FileInfo Output(string option, FileInfo file)
    {
        if (Directory.Exists(file.FullName))
        {
            throw new BadInputException($"{option}: {file} is a folder; name a file.");
        }

        OutputFolder(option, file.Directory!);
        return file;
    }
}
