namespace SynthStudio.Tabular;

/// <summary>Tells that a disk is full from the codes that .NET reports.</summary>
internal static class DiskErrors
{
    // EFBIG, ENOSPC and EDQUOT on Linux; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    private static readonly int[] Full = [27, 28, 122, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    public static bool IsFull(Exception exception) => exception is IOException && Full.Contains(exception.HResult);
}
