using System.Runtime.InteropServices;

namespace SynthStudio.Evaluation.Boosting;

/// <summary>The part of LightGBM's C interface (<c>c_api.h</c>, version 4) that is used here. Every call returns 0 or -1.</summary>
internal static partial class LightGbmNative
{
    private const string Library = "lib_lightgbm";

    public const int Float32 = 0;
    public const int Float64 = 1;

    static LightGbmNative() => OpenMpRuntime.EnsureLoaded();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetCreateFromMat(
        double[] data, int dataType, int rows, int columns, int isRowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetGetSubset(nint dataset, int[] rows, int count, string parameters, out nint subset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetSetField(nint dataset, string field, float[] values, int count, int dataType);

    [LibraryImport(Library)]
    public static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterCreate(nint trainingSet, string parameters, out nint booster);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterAddValidData(nint booster, nint validationSet);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterUpdateOneIter(nint booster, out int isFinished);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetEval(nint booster, int dataIndex, out int count, double[] results);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetNumPredict(nint booster, int dataIndex, out long count);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetPredict(nint booster, int dataIndex, out long count, double[] results);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterFeatureImportance(nint booster, int iterations, int importanceType, double[] results);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterFree(nint booster);

    [LibraryImport(Library)]
    private static partial nint LGBM_GetLastError();

    /// <exception cref="BoostingException"><paramref name="status"/> is not 0.</exception>
    public static void Check(int status)
    {
        if (status != 0)
        {
            throw new BoostingException("LightGBM: " + Marshal.PtrToStringUTF8(LGBM_GetLastError()));
        }
    }
}
