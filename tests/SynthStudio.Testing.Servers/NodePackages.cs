namespace SynthStudio.Testing.Servers;

/// <summary>
/// What a program of Node.js needs beside it, installed the first time. Test programs run side by side: for whoever looks it is whole, or
/// not there.
/// </summary>
public static class NodePackages
{
    private const string Name = "node_modules";

    /// <summary>Installs what a folder's lock file names, unless it is there. Of several at once, the first one's stays.</summary>
    /// <param name="folder">Has <c>package.json</c> and <c>package-lock.json</c>.</param>
    /// <param name="install">Installs into <c>node_modules</c> of the folder that it is given, which has copies of these files.</param>
    public static async Task EnsureAsync(string folder, Func<string, Task> install)
    {
        var packages = Path.Combine(folder, Name);
        if (Directory.Exists(packages)) return;

        // On the same file system, and ignored by git.
        var place = Directory.CreateDirectory(Path.Combine(folder, "obj", $"{Guid.NewGuid():N}")).FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder)) File.Copy(file, Path.Combine(place, Path.GetFileName(file)));
            await install(place);
            Directory.Move(Path.Combine(place, Name), packages);
        }
        catch (IOException) when (Directory.Exists(packages))
        {
            // Somebody else was done first.
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }
}
