// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>Corners of the lanes; the accumulators are zero, so that t is the bias.</summary>
public sealed class RequantizationTests
{
    [Theory]
    [InlineData(-1, -1)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void The_sign_of_zero_is_plus(long t, int code) =>
        Assert.Equal(code, Requantize(new(t, 1, 0, 0, -1, 1, true)));

    [Theory]
    [InlineData(3, 1, 1, 0, 2)]
    [InlineData(-3, 1, 1, 0, -1)]
    [InlineData(-134217728, 511, 63, 0, 0)]
    [InlineData(134217727, 511, 0, 0, 127)]
    [InlineData(-134217728, 511, 0, 0, -128)]
    [InlineData(100, 1, 0, -256, -128)]
    [InlineData(-100, 1, 0, 255, 127)]
    [InlineData(5, 0, 0, -7, -7)]
    public void Half_up_zero_point_and_clamp(long t, long multiplier, int shift, int zeroPoint, int code) =>
        Assert.Equal(code, Requantize(new(t, multiplier, shift, zeroPoint, -128, 127, false)));

    private static int Requantize(LaneRecord lane)
    {
        AcceleratorSpec spec = Bench.Spec(1, 1);
        byte[] memory = new byte[1024];
        Bench.Pack(spec.ParameterLineWords * 4, Bench.Record(spec, lane)).CopyTo(memory, 0);
        Schedule schedule = Bench.Schedule(
            spec,
            [Bench.Load(LoadTarget.Parameter, 0, spec.ParameterLineWords, signals: Bench.Set(Semaphore.ParameterReady))],
            vector: [Bench.Vector(1, Bench.Set(Semaphore.ParameterReady), Bench.Set(Semaphore.OutputReady))],
            store: [Bench.Store(1, 1, 512, 1, Bench.Set(Semaphore.OutputReady))],
            memory: memory);
        return (sbyte)Bench.Run(schedule).Machine.Memory[512];
    }
}
